import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import HTTPEdge

@Suite struct IdempotencyTests {
    @Test(
        arguments: [
            ("abc", "abc"), (" abc ", "abc"), ("\"a b\"", nil), ("\"abc\"", "abc"), (#""a\"b""#, #"a"b"#), ("\"abc", nil), ("\"a\" ", "a"),
            ("", nil), ("\"\"", nil), ("a b", nil), ("é", nil), (#""a\b""#, nil), ("\"a\"b", nil),
            (String(repeating: "k", count: 255), String(repeating: "k", count: 255)), (String(repeating: "k", count: 256), nil),
        ] as [(String, String?)])
    func `a key is 1 to 255 visible characters, bare or quoted`(header: String, expected: String?) {
        #expect(IdempotencyKey(header)?.description == expected)
    }

    @Test func `white space and the order of members do not make another request`() throws {
        func fingerprint(_ text: String, path: String = "/v1/bookings") throws -> RequestFingerprint {
            RequestFingerprint(method: "POST", path: path, body: try BodyReader.parse(ByteBuffer(string: text)))
        }
        let one = try fingerprint(#"{"a":1,"b":{"c":[1,2],"d":"é"}}"#)
        #expect(one.bytes.count == 32)
        #expect(try one == fingerprint(#"{ "b": {"d":"\u00e9", "c":[1, 2]}, "a": 1 }"#))
        #expect(try one != fingerprint(#"{"a":1,"b":{"c":[2,1],"d":"é"}}"#))
        #expect(try one != fingerprint(#"{"a":1,"b":{"c":[1,2],"d":"é"}}"#, path: "/v1/holds"))
    }

    @Test func `a key that is none is refused with its header's name`() async throws {
        try await Workshop().application().test(.router) { client in
            let headers: HTTPFields = [.contentType: "application/json", .idempotencyKey: "a b"]
            let response = try await client.execute(
                uri: "/v1/bookings", method: .post, headers: headers, body: ByteBuffer(string: FieldReaderTests.soundBooking))
            #expect(response.status == .badRequest)
            #expect(try response.problem.places == ["header Idempotency-Key"])
        }
    }

    @Test func `a replayed answer says so`() {
        #expect(Response.empty().replayed().headers[.idempotentReplayed] == "true")
    }
}
