import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@testable import HTTPEdge

@Suite struct CompressionTests {
    private static var plan: String {
        var json = JSONWriter()
        json.object { Workshop.writePlan(to: &$0) }
        return String(buffer: json.buffer)
    }

    @Test(arguments: [("gzip", "\"v3-gzip\""), ("deflate", "\"v3-deflate\"")])
    func `who takes it gets it smaller, with a tag of its own`(coding: String, tag: String) async throws {
        try await Workshop().application().test(.live) { client in
            let response = try await client.execute(uri: "/v1/plan", method: .get, headers: [.acceptEncoding: coding])
            #expect(response.headers[.contentEncoding] == coding)
            #expect(response.headers[.vary] == "Accept-Encoding")
            #expect(response.headers[.eTag] == tag)
            #expect(response.headers[.contentLength] == String(response.body.readableBytes))
            #expect(response.body.readableBytes < Self.plan.utf8.count / 4)
            #expect(inflated(response.body) == Self.plan)
            let head = try await client.execute(uri: "/v1/plan", method: .head, headers: [.acceptEncoding: coding])
            #expect(head.headers[.contentLength] == response.headers[.contentLength])
            #expect(head.headers[.eTag] == tag)
            #expect(head.body.readableBytes == 0)
        }
    }

    @Test func `who does not take it gets it as it is, and caches know that there are two`() async throws {
        try await Workshop().application().test(.live) { client in
            let response = try await client.execute(uri: "/v1/plan", method: .get)
            #expect(response.headers[.contentEncoding] == nil)
            #expect(response.headers[.vary] == "Accept-Encoding")
            #expect(response.headers[.eTag] == "\"v3\"")
            #expect(String(buffer: response.body) == Self.plan)
        }
    }

    @Test(arguments: ["\"v3-gzip\"", "\"v3\"", "W/\"v3-gzip\"", "\"v1\", \"v3-deflate\"", "*"])
    func `a tag of any form is confirmed, as the caller holds it`(held: String) async throws {
        try await Workshop().application().test(.live) { client in
            let headers: HTTPFields = [.acceptEncoding: "gzip", .ifNoneMatch: held]
            let response = try await client.execute(uri: "/v1/plan", method: .get, headers: headers)
            #expect(response.status == .notModified)
            let tag = try #require(response.headers[.eTag])
            #expect(held == "*" || held.contains(tag))
            #expect(response.headers[.vary] == "Accept-Encoding")
        }
    }

    @Test func `a tag of any form serves for a change, one of another version does not`() async throws {
        try await Workshop().application().test(.live) { client in
            for (tag, status) in [
                ("\"v3-gzip\"", HTTPResponse.Status.noContent), ("\"v3\"", .noContent), ("\"v2-gzip\"", .preconditionFailed),
                ("\"v3-br\"", .preconditionFailed),
            ] {
                let response = try await client.execute(uri: "/v1/bookings/1", method: .patch, headers: [.ifMatch: tag])
                #expect(response.status == status, "\(tag)")
            }
        }
    }

    @Test func `the answer that tells a new key is never compressed, nor are small ones, streams and problems`() async throws {
        try await Workshop().application().test(.live) { client in
            let headers: HTTPFields = [.acceptEncoding: "gzip"]
            let key = try await client.execute(uri: "/v1/keys", method: .post, headers: headers)
            #expect(key.status == .created)
            #expect(key.body.readableBytes > CompressionMiddleware.leastBytes)
            #expect(key.headers[.contentEncoding] == nil)
            for uri in ["/v1/centres?limit=1", "/v1/stream", "/v1/nowhere", "/healthz"] {
                let response = try await client.execute(uri: uri, method: .get, headers: headers)
                #expect(response.headers[.contentEncoding] == nil, "\(uri)")
            }
            let problem = try await client.execute(uri: "/v1/nowhere", method: .get, headers: headers)
            #expect(problem.headers[.vary] == "Accept-Language, Accept-Encoding")
        }
    }
}
