import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@testable import HTTPEdge

@Suite struct BodyTests {
    private let sound = ByteBuffer(string: FieldReaderTests.soundBooking)

    @Test(
        arguments: [
            ("application/json", HTTPResponse.Status.created), ("application/json; charset=utf-8", .created),
            ("Application/JSON;charset=\"UTF-8\"", .created), (nil, .unsupportedMediaType), ("text/plain", .unsupportedMediaType),
            ("application/json; charset=latin1", .unsupportedMediaType), ("application/jsonx", .unsupportedMediaType),
            ("application/x-www-form-urlencoded", .unsupportedMediaType),
        ] as [(String?, HTTPResponse.Status)])
    func `only JSON in UTF-8 is taken`(mediaType: String?, expected: HTTPResponse.Status) async throws {
        try await Workshop().application().test(.router) { client in
            var headers = HTTPFields()
            if let mediaType { headers[.contentType] = mediaType }
            let response = try await client.execute(uri: "/v1/bookings", method: .post, headers: headers, body: sound)
            #expect(response.status == expected)
            if expected == .unsupportedMediaType { #expect(response.headers[.accept] == "application/json") }
        }
    }

    @Test func `an answer carries its location, its tag and its media type`() async throws {
        try await Workshop().application().test(.live) { client in
            let headers: HTTPFields = [.contentType: "application/json", .idempotencyKey: "k-1"]
            let response = try await client.execute(uri: "/v1/bookings", method: .post, headers: headers, body: sound)
            #expect(response.status == .created)
            #expect(response.headers[.location] == "/v1/bookings/1")
            #expect(response.headers[.eTag] == "\"v1\"")
            #expect(response.headers[.contentType] == "application/json")
            #expect(
                String(buffer: response.body)
                    == #"{"period":{"start":"2026-03-02T07:30:00Z","end":"2026-03-02T09:00:00Z"},"key":"k-1"}"#)
        }
    }

    @Test(arguments: [TestingSetup.router, .live])
    func `a body past the limit is 413, and the route's own limit counts`(setup: TestingSetup) async throws {
        try await Workshop(bodyLimitBytes: 1000).application().test(setup) { client in
            let headers: HTTPFields = [.contentType: "application/json"]
            let big = ByteBuffer(string: "{\"note\":\"" + String(repeating: "a", count: 2_000) + "\"}")
            let response = try await client.execute(uri: "/v1/bookings", method: .post, headers: headers, body: big)
            #expect(response.status == .contentTooLarge)
            #expect(try response.problem.detail?.contains("1000") == true)
            #expect(response.headers[.connection] == "close")
        }
        try await Workshop(bodyLimitBytes: 1000).application().test(setup) { client in
            let headers: HTTPFields = [.contentType: "application/json"]
            let small = try await client.execute(uri: "/v1/bookings/batch", method: .post, headers: headers, body: sound)
            #expect(small.status == .contentTooLarge)
        }
    }

    @Test func `an invalid body lists its issues in the reader's language`() async throws {
        try await Workshop().application().test(.router) { client in
            let headers: HTTPFields = [.contentType: "application/json", .acceptLanguage: "en"]
            let body = ByteBuffer(string: #"{"activity":"production"}"#)
            let response = try await client.execute(uri: "/v1/bookings", method: .post, headers: headers, body: body)
            #expect(response.status == .badRequest)
            let problem = try response.problem
            #expect(problem.detail == "The request has 3 errors, listed in \"issues\".")
            #expect(problem.places == ["body /period", "body /activity", "body /lines"])
            #expect(problem.issues?[1].detail == "allowed values: awareness, demonstration")
        }
    }

    @Test(
        arguments: [
            (nil, "", HTTPResponse.Status.ok, "{}"), ("application/json", "{\"reason\":\"ill\"}", .ok, "{\"reason\":\"ill\"}"),
            (nil, "{}", .unsupportedMediaType, nil), ("application/json", "", .badRequest, nil),
        ] as [(String?, String, HTTPResponse.Status, String?)])
    func `a body that may be left out may`(mediaType: String?, text: String, status: HTTPResponse.Status, answer: String?) async throws {
        try await Workshop().application().test(.live) { client in
            let headers: HTTPFields = mediaType.map { [.contentType: $0] } ?? [:]
            let response = try await client.execute(
                uri: "/v1/bookings/1/cancellation", method: .post, headers: headers, body: ByteBuffer(string: text))
            #expect(response.status == status)
            if let answer { #expect(String(buffer: response.body) == answer) }
        }
    }

    /// A byte order mark, UTF-16 of both orders, a broken sequence, half of a surrogate pair, a zero byte; and what is sound.
    private static let encodings: [([UInt8], Bool)] = [
        ([0xEF, 0xBB, 0xBF, 0x7B, 0x7D], true), ([0xFF, 0xFE, 0x7B, 0, 0x7D, 0], true), ([0, 0x7B, 0, 0x7D], true),
        ([0x7B, 0x22, 0xC3, 0x28, 0x22, 0x7D], true), ([0xED, 0xA0, 0x80], true), ([0x7B, 0x22, 0, 0x22, 0x7D], true),
        (Array(#"{"note":"é"}"#.utf8), false),
    ]

    @Test(arguments: encodings)
    func `a body in another encoding than UTF-8 is told so`(bytes: [UInt8], isOther: Bool) async throws {
        try await Workshop().application().test(.router) { client in
            let headers: HTTPFields = [.contentType: "application/json", .acceptLanguage: "en"]
            let response = try await client.execute(uri: "/v1/bookings", method: .post, headers: headers, body: ByteBuffer(bytes: bytes))
            #expect(response.status == .badRequest)
            #expect(try (response.problem.detail?.contains("must be JSON in UTF-8") == true) == isOther)
        }
    }

    @Test(
        arguments: [
            ("application/x-www-form-urlencoded", "a=b"), ("multipart/form-data; boundary=x", "--x--"), ("text/plain", "{}"), (nil, "{}"),
            ("text/plain", ""), ("application/json, text/plain", "{}"), ("application/json;charset=utf-16", "{}"),
        ] as [(String?, String)])
    func `what a page of another site can send without asking reaches no handler`(mediaType: String?, text: String) async throws {
        try await Workshop().application().test(.live) { client in
            var headers: HTTPFields = [.ifMatch: "\"v3\"", .cookie: "session=1", .origin: "https://elsewhere.example"]
            if let mediaType { headers[.contentType] = mediaType }
            // Handlers that read a body, that need none, and that never look at it.
            let routes: [(String, HTTPRequest.Method)] = [
                ("/v1/bookings", .post), ("/v1/bookings/1/cancellation", .post), ("/v1/keys", .post), ("/v1/surprises", .post),
                ("/v1/bookings/1", .patch),
            ]
            for (uri, method) in routes {
                let response = try await client.execute(uri: uri, method: method, headers: headers, body: ByteBuffer(string: text))
                #expect(response.status == .unsupportedMediaType, "\(method) \(uri)")
                #expect(response.headers[.accessControlAllowOrigin] == nil)
                #expect(response.headers[.setCookie] == nil)
            }
        }
    }

    @Test func `who asks whether another site may send is not told that it may`() async throws {
        try await Workshop().application().test(.router) { client in
            let headers: HTTPFields = [.origin: "https://elsewhere.example", .accessControlRequestMethod: "POST"]
            let response = try await client.execute(uri: "/v1/bookings", method: .options, headers: headers)
            #expect(response.status == .noContent)
            #expect(response.headers.allSatisfy { !$0.name.canonicalName.hasPrefix("access-control-") })
        }
    }

    @Test func `malformed JSON is 400`() async throws {
        try await Workshop().application().test(.router) { client in
            let response = try await client.execute(
                uri: "/v1/bookings", method: .post, headers: [.contentType: "application/json"], body: ByteBuffer(string: "{\"a\":"))
            #expect(response.status == .badRequest)
            #expect(try response.problem.type == "urn:problem-type:plateau:invalidRequest")
        }
    }
}
