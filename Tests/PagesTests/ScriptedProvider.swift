import Crypto
import FoundationEssentials
import Hummingbird
import HummingbirdTesting
import JWTKit
import Locking
import NIOCore
import OpenIDConnect

/// An identity provider on loopback that does what a test says; the real ones are asked by Tests/SignIn.
final class ScriptedProvider: Sendable {
    /// What it does otherwise than a good one.
    struct Script: Sendable {
        var subject = "account-1"
        var name = "Marie Dupont"
        var address = "Marie@Boulonnerie.example"
        var isVerified = true
        /// Claims that stand in the token instead of the right ones.
        var claims: [String: String] = [:]
        var expiresIn = 300
        /// Whether name and address are told on the person's page alone.
        var tellsApart = false
        var isDown = false
        var changesKeys = false
        var signsWithUnknownKey = false
        /// Whether the page of the person begins and never ends.
        var trickles = false
        /// Whether the page of the person is refused.
        var hidesPeople = false
    }

    private struct State {
        var script = Script()
        var keys = [("one", ES256PrivateKey())]
        /// Codes that were given and not used, with the challenge and the nonce of their question.
        var codes: [String: (challenge: String, nonce: String)] = [:]
        var keysAsked = 0
        var documentsAsked = 0
        var lastQuestion: [String: String] = [:]
    }

    private let state = Mutex(State())

    var script: Script {
        get { state.withLock { $0.script } }
        set { state.withLock { $0.script = newValue } }
    }

    /// How often its keys were fetched, and what it says of itself.
    var keysAsked: Int { state.withLock { $0.keysAsked } }
    var documentsAsked: Int { state.withLock { $0.documentsAsked } }

    /// The fields of the address to which a person was last sent.
    var lastQuestion: [String: String] { state.withLock { $0.lastQuestion } }

    /// Serves it while `body` runs.
    static func serve(_ body: @escaping @Sendable (ScriptedProvider, ProviderSettings) async throws -> Void) async throws {
        let provider = ScriptedProvider()
        try await Application(router: provider.router()).test(.live) { client in
            let issuer = "http://localhost:\(client.port ?? 0)"
            try await body(
                provider,
                ProviderSettings(
                    issuer: issuer, clientID: "plateau", clientSecret: "s&cret", redirectAddress: "http://pages.example/sign-in/callback",
                    label: "Compte fictif"))
        }
    }

    /// What the person does there: signs in, and is sent back with a code.
    /// - Returns: the query of the address to which they are sent back.
    func signIn(at address: String) throws -> String {
        let query = Self.query(address)
        guard query["client_id"] == "plateau", query["response_type"] == "code", query["code_challenge_method"] == "S256",
            query["redirect_uri"] == "http://pages.example/sign-in/callback", let challenge = query["code_challenge"],
            let nonce = query["nonce"], let asked = query["state"]
        else { throw QuestionWrong() }
        let code = "code-\(UInt64.random(in: .min ... .max))"
        state.withLock { state in
            state.codes[code] = (challenge, nonce)
            state.lastQuestion = query
        }
        return "code=\(code)&state=\(asked)"
    }

    static func query(_ address: String) -> [String: String] {
        let items = URLComponents(string: address)?.queryItems ?? []
        return Dictionary(items.map { ($0.name, $0.value ?? "") }) { first, _ in first }
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("/.well-known/openid-configuration") { request, _ in
            let issuer = "http://\(request.head.authority ?? "")"
            self.state.withLock { $0.documentsAsked += 1 }
            return try self.answer(
                """
                {"issuer": "\(issuer)", "authorization_endpoint": "\(issuer)/authorize", "token_endpoint": "\(issuer)/token",
                 "jwks_uri": "\(issuer)/jwks", "userinfo_endpoint": "\(issuer)/me"}
                """)
        }
        router.get("/jwks") { _, _ in
            let keys = self.state.withLock { state in
                state.keysAsked += 1
                return state.keys
            }
            return try self.answer(#"{"keys": [\#(keys.map(Self.listed).joined(separator: ","))]}"#)
        }
        router.post("/token") { request, context in
            let form = Self.query("?\(String(buffer: try await request.body.collect(upTo: 10_000)))")
            return try await self.token(form, request)
        }
        router.get("/me") { _, _ in
            let script = self.script
            if script.hidesPeople { return try self.answer("{}", status: .forbidden) }
            if script.trickles { return Self.endless }
            return try self.answer(
                """
                {"sub": "\(script.subject)", "name": "\(script.name)", "email": "\(script.address)", "email_verified": \(script.isVerified)}
                """)
        }
        return router
    }

    /// The head of an answer, and a byte now and then.
    private static var endless: Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody { writer in
                for _ in 0..<100 {
                    try await writer.write(ByteBuffer(string: " "))
                    try await Task.sleep(for: .milliseconds(200))
                }
                try await writer.finish(nil)
            })
    }

    private func token(_ form: [String: String], _ request: Request) async throws -> Response {
        let secret = "Basic \(Data("plateau:s%26cret".utf8).base64EncodedString())"
        let given = state.withLock { $0.codes.removeValue(forKey: form["code"] ?? "") }
        let challenge = Self.url(Data(SHA256.hash(data: Array((form["code_verifier"] ?? "").utf8))).base64EncodedString())
        guard request.headers[.authorization] == secret, let given, given.challenge == challenge else {
            return try answer(#"{"error": "invalid_grant"}"#, status: .badRequest)
        }
        let token = try await signed(claims(given.nonce, issuer: "http://\(request.head.authority ?? "")"))
        return try answer(#"{"access_token": "a", "token_type": "Bearer", "id_token": "\#(token)"}"#)
    }

    private func claims(_ nonce: String, issuer: String) -> ScriptedClaims {
        let script = script
        let now = Int(Date.now.timeIntervalSince1970)
        var texts = ["iss": issuer, "aud": "plateau", "nonce": nonce, "sub": script.subject]
        if !script.tellsApart { texts.merge(["name": script.name, "email": script.address]) { first, _ in first } }
        return ScriptedClaims(
            texts: texts.merging(script.claims) { _, other in other }, numbers: ["iat": now, "exp": now + script.expiresIn],
            isVerified: script.tellsApart ? nil : script.isVerified)
    }

    private func signed(_ claims: ScriptedClaims) async throws -> String {
        let script = script
        if script.changesKeys { state.withLock { $0.keys = [("two", ES256PrivateKey())] } }
        let key = script.signsWithUnknownKey ? ("three", ES256PrivateKey()) : state.withLock { $0.keys[0] }
        var header = JWTHeader()
        header.kid = key.0
        return try await JWTKeyCollection().add(ecdsa: key.1).sign(claims, header: header)
    }

    private func answer(_ json: String, status: HTTPResponse.Status = .ok) throws -> Response {
        guard !script.isDown else { throw HTTPError(.serviceUnavailable) }
        return Response(status: status, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(string: json)))
    }

    private static func listed(_ key: (name: String, key: ES256PrivateKey)) -> String {
        let parameters = key.key.publicKey.parameters
        return #"{"kty": "EC", "crv": "P-256", "kid": "\#(key.name)", "x": "\#(url(parameters?.x))", "y": "\#(url(parameters?.y))"}"#
    }

    private static func url(_ text: String?) -> String {
        (text ?? "").replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}

/// The question lacks what a provider must be told.
private struct QuestionWrong: Error {}

private struct ScriptedClaims: JWTPayload {
    let texts: [String: String]
    let numbers: [String: Int]
    let isVerified: Bool?

    init(texts: [String: String], numbers: [String: Int], isVerified: Bool?) {
        self.texts = texts
        self.numbers = numbers
        self.isVerified = isVerified
    }

    /// Never read.
    init(from decoder: any Decoder) throws {
        throw QuestionWrong()
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        for (name, value) in texts { try container.encode(value, forKey: Name(stringValue: name)) }
        for (name, value) in numbers { try container.encode(value, forKey: Name(stringValue: name)) }
        try container.encodeIfPresent(isVerified, forKey: Name(stringValue: "email_verified"))
    }

    func verify(using algorithm: some JWTAlgorithm) async throws {}

    struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
