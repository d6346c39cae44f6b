import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import HTTPEdge

@Suite struct PreconditionTests {
    @Test(
        arguments: [
            (nil, HTTPResponse.Status.preconditionRequired), ("\"v3\"", .noContent), ("*", .noContent), ("\"v1\", \"v3\"", .noContent),
            ("\"v2\"", .preconditionFailed), ("W/\"v3\"", .preconditionFailed), ("\"other, v3\"", .preconditionFailed),
            ("v3", .badRequest), ("\"v3", .badRequest), (",", .badRequest), ("\"v3\" \"v4\"", .badRequest),
            ("\"v03\"", .preconditionFailed),
        ] as [(String?, HTTPResponse.Status)])
    func `a change insists on the version that was read`(header: String?, expected: HTTPResponse.Status) async throws {
        try await Workshop().application().test(.router) { client in
            var headers = HTTPFields()
            if let header { headers[.ifMatch] = header }
            let response = try await client.execute(uri: "/v1/bookings/1", method: .patch, headers: headers)
            #expect(response.status == expected)
            if expected == .preconditionFailed { #expect(response.headers[.eTag] == "\"v3\"") }
            if expected == .noContent { #expect(response.headers[.contentLength] == nil) }
        }
    }

    @Test(arguments: [
        ("\"v3\"", true), ("W/\"v3\"", true), ("*", true), ("\"v2\", W/\"v3\"", true), ("\"v2\"", false), ("rubbish", false),
    ])
    func `a version that the caller holds is not sent again`(header: String, isHeld: Bool) async throws {
        try await Workshop().application().test(.live) { client in
            let headers: HTTPFields = [.ifNoneMatch: header, .authorization: "Bearer member-key"]
            let response = try await client.execute(uri: "/v1/centres/1", method: .get, headers: headers)
            #expect(response.status == (isHeld ? .notModified : .ok))
            #expect(response.headers[.eTag] == "\"v3\"")
            #expect(response.headers[.cacheControl] == "private, no-cache")
            #expect((response.body.readableBytes == 0) == isHeld)
        }
    }
}
