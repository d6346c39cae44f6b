import Testing

@testable import OpenIDConnect

@Suite("Where a provider is, and where it leads")
struct ProviderDocumentTests {
    @Test(arguments: [
        ("https://login.example.org", true), ("https://login.example.org/realms/x", true), ("http://127.0.0.1:9000", true),
        ("http://localhost:9000/x", true), ("http://[::1]:9000", true), ("http://login.example.org", false),
        ("http://127.0.0.1.example.org", false), ("https://user@login.example.org", false), ("https://login.example.org#x", false),
        ("https://login.example.org?x", false), ("ftp://localhost", false), ("login.example.org", false), ("https://", false), ("", false),
    ])
    func `an issuer is reached by TLS, or on this machine`(text: String, isAllowed: Bool) {
        #expect((ProviderAddress(issuer: text) != nil) == isAllowed)
    }

    private static func document(issuer: String, token: String) -> [UInt8] {
        Array(
            """
            {"issuer": "\(issuer)", "authorization_endpoint": "\(issuer)/authorize", "token_endpoint": "\(token)",
             "jwks_uri": "\(issuer)/jwks", "more": {"than": ["we", 1]}}
            """.utf8)
    }

    @Test func `a document is the issuer's own`() throws {
        let issuer = "https://login.example.org"
        let read = try ProviderDocument.reading(Self.document(issuer: issuer, token: "https://token.example.org/"), of: issuer)
        #expect(read.tokenEndpoint == "https://token.example.org/")
        for (document, of) in [
            (Self.document(issuer: issuer, token: "\(issuer)/token"), "https://other.example.org"),
            (Self.document(issuer: issuer, token: "http://login.example.org/token"), issuer),
            (Self.document(issuer: issuer, token: "http://127.0.0.1/token"), issuer), (Array("{}".utf8), issuer), (Array("x".utf8), issuer),
        ] {
            #expect(throws: ProviderFault.self) { try ProviderDocument.reading(document, of: of) }
        }
    }
}
