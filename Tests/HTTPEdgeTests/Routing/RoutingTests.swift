import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Kernel
import Testing

@testable import HTTPEdge

@Suite struct RoutingTests {
    @Test func `the route table says who may call what`() {
        let table = Workshop().edge.routes.recorded.all
        let report = RecordedRoute(
            method: .get, path: "/v1/reports", operation: "getReport", access: .member(roles: [.centreManager, .networkManager]),
            cost: 1)
        #expect(table.contains(report))
        #expect(table.contains(RecordedRoute(method: .get, path: "/v1/centres", operation: "listCentres", access: .open, cost: 1)))
        #expect(Set(table.map(\.operation)).count == table.count)
    }

    @Test(arguments: [
        ("/v1/centres", HTTPRequest.Method.delete, "GET, HEAD, OPTIONS"),
        ("/v1/bookings/7", .get, "OPTIONS, PATCH"),
        ("/v1/bookings/batch", .get, "OPTIONS, POST"),
        ("/v1/bookings", .init("PURGE")!, "OPTIONS, POST"),
    ])
    func `a known address with another method is 405 and says which it takes`(
        path: String, method: HTTPRequest.Method, allow: String
    ) async throws {
        try await Workshop().application().test(.router) { client in
            let response = try await client.execute(uri: path, method: method)
            #expect(response.status == .methodNotAllowed)
            #expect(response.headers[.allow] == allow)
            #expect(try response.problem.type == "urn:problem-type:plateau:methodNotAllowed")
        }
    }

    @Test func `OPTIONS gives the methods without a body`() async throws {
        try await Workshop().application().test(.router) { client in
            let response = try await client.execute(uri: "/v1/centres/4", method: .options)
            #expect(response.status == .noContent)
            #expect(response.headers[.allow] == "GET, HEAD, OPTIONS")
        }
    }

    @Test(arguments: ["/", "/v1", "/v2/centres", "/v1/centres/1/2", "/v1/centres/%zz"])
    func `an unknown address is 404 with a problem`(path: String) async throws {
        try await Workshop().application().test(.router) { client in
            let response = try await client.execute(uri: path, method: .get, headers: [.authorization: "Bearer member-key"])
            #expect(response.status == .notFound)
            #expect(try response.problem.type == "urn:problem-type:plateau:notFound")
        }
    }

    @Test func `an address past the limit is 414`() async throws {
        try await Workshop().application().test(.router) { client in
            let response = try await client.execute(uri: "/v1/centres?name=" + String(repeating: "a", count: 9_000), method: .get)
            #expect(response.status == .uriTooLong)
        }
    }

    @Test(arguments: ["/v1/centres", "/v1/nowhere", "/v1/stream", "/v1/reports"])
    func `HEAD answers as GET does, without the body`(path: String) async throws {
        try await Workshop().application().test(.live) { client in
            let get = try await client.execute(uri: path, method: .get)
            let head = try await client.execute(uri: path, method: .head)
            #expect(head.status == get.status)
            #expect(head.headers[.contentType] == get.headers[.contentType])
            #expect(head.headers[.contentLength] == get.headers[.contentLength] ?? "0")
            #expect(head.body.readableBytes == 0)
            let again = try await client.execute(uri: path, method: .get)
            #expect(again.status == get.status, "the connection is still in step")
        }
    }

    @Test(arguments: [("abc:DEF-1_2.3", true), ("", false), ("a b", false), ("é", false), (String(repeating: "x", count: 129), false)])
    func `a sane request id is kept, any other replaced`(id: String, isKept: Bool) async throws {
        try await Workshop().application().test(.router) { client in
            let response = try await client.execute(uri: "/healthz", method: .get, headers: [.requestID: id])
            let answered = try #require(response.headers[.requestID])
            #expect((answered == id) == isKept)
            #expect(!answered.isEmpty)
        }
    }

    @Test func `every answer carries the security headers, refusals too`() async throws {
        try await Workshop().application().test(.live) { client in
            for path in ["/healthz", "/v1/nowhere", "/v1/reports"] {
                let response = try await client.execute(uri: path, method: .get)
                #expect(response.headers[.xContentTypeOptions] == "nosniff")
                #expect(response.headers[.referrerPolicy] == "no-referrer")
                #expect(response.headers[.frameOptions] == "DENY")
                #expect(response.headers[.contentSecurityPolicy] == "default-src 'none'; frame-ancestors 'none'")
                #expect(response.headers[.server] == "plateau")
                #expect(response.headers[.date] != nil)
            }
        }
    }
}
