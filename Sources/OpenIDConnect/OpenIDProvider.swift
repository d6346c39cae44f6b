import Crypto
import FoundationEssentials
import HTTPEdge
package import Kernel

/// An identity provider that people sign in with: authorization code with PKCE, state and nonce (OpenID Connect Core 1.0, RFC 7636).
package struct OpenIDProvider: Sendable {
    package let settings: ProviderSettings
    let memory: ProviderMemory
    let calls = ProviderCalls()
    /// How long a person is kept waiting for all that the provider is asked of one step: less than browsers and proxies wait for a page.
    private let patience: Duration

    package init(_ settings: ProviderSettings, patience: Duration = .seconds(20)) {
        self.settings = settings
        self.patience = patience
        memory = ProviderMemory(issuer: settings.issuer, calls: calls)
    }

    /// What goes with a person to the provider.
    package struct Question: Sendable {
        package let state: String
        package let nonce: String
        package let verifier: String
        /// In which the provider may speak, as a language tag.
        package let language: String
        /// Whether the person must sign in anew, though the provider may know them still.
        package let isAnew: Bool

        package init(state: String, nonce: String, verifier: String, language: String, isAnew: Bool) {
            self.state = state
            self.nonce = nonce
            self.verifier = verifier
            self.language = language
            self.isAnew = isAnew
        }
    }

    /// Where a person is sent.
    package func address(asking question: Question) async throws(ProviderFault) -> String {
        let document = try await memory.document(by: .now + patience)
        let challenge = Self.base64URL(SHA256.hash(data: Array(question.verifier.utf8)))
        var fields: [(String, String)] = [
            ("response_type", "code"), ("client_id", settings.clientID), ("redirect_uri", settings.redirectAddress),
            ("scope", settings.scopes.joined(separator: " ")), ("state", question.state), ("nonce", question.nonce),
            ("code_challenge", challenge), ("code_challenge_method", "S256"), ("ui_locales", question.language),
        ]
        if question.isAnew { fields.append(("prompt", "login")) }
        let endpoint = document.authorizationEndpoint
        return endpoint + (endpoint.contains("?") ? "&" : "?") + Self.form(fields)
    }

    /// Whom the provider has recognised, for a code that it gave to the browser which came back.
    /// - Parameter issuer: what the answer itself says of where it comes from (RFC 9207), if it does.
    package func person(
        answering question: Question, code: String, issuer: String?, at now: Instant
    ) async throws(ProviderFault) -> RecognisedPerson {
        let end = ContinuousClock.now + patience
        let document = try await memory.document(by: end)
        guard issuer == settings.issuer || (issuer == nil && document.namesItself != true) else { throw .tokenRefused(.issuerWrong) }
        let tokens = try await tokens(for: code, verifier: question.verifier, at: document, by: end)
        guard let token = tokens.idToken else { throw .tokenRefused(.missing) }
        let claims = try await claims(of: token, by: end)
        let rules = IDTokenRules(
            issuer: settings.issuer, clientID: settings.clientID, nonce: question.nonce, subjectClaim: settings.claims.subject, now: now)
        if let fault = rules.fault(in: claims) { throw .tokenRefused(fault) }
        let more = await moreClaims(than: claims, document, accessToken: tokens.accessToken, by: end)
        return RecognisedPerson(claims, more, settings)
    }

    /// Keys that were changed since are fetched once.
    private func claims(of token: String, by end: ContinuousClock.Instant) async throws(ProviderFault) -> Claims {
        let keys = try await memory.keys(by: end)
        do throws(IDTokenFault) {
            return try await keys.claims(of: token)
        } catch {
            guard error == .keyUnknown else { throw .tokenRefused(error) }
        }
        let fetched = try await memory.newerKeys(by: end)
        guard let newer = fetched else { throw .tokenRefused(.keyUnknown) }
        do throws(IDTokenFault) {
            return try await newer.claims(of: token)
        } catch {
            throw .tokenRefused(error)
        }
    }

    /// Many providers tell the address only on a page of their own (OpenID Connect Core, 5.4).
    ///
    /// Who is known by their account already gets in without it, so it may fail.
    private func moreClaims(
        than claims: Claims, _ document: ProviderDocument, accessToken: String?, by end: ContinuousClock.Instant
    ) async -> Result<Claims, ProviderFault> {
        guard claims.text(settings.claims.address) == nil, let endpoint = document.personEndpoint, let accessToken else {
            return .success(Claims(values: [:]))
        }
        do throws(ProviderFault) {
            let answer = try await calls.get(endpoint, bearer: accessToken, by: end)
            guard answer.status == 200, let more = try? JSONDecoder().decode(Claims.self, from: Data(answer.body)) else {
                throw .unusable("what it says of a person cannot be read: status \(answer.status)")
            }
            // It may be somebody else's (5.3.2).
            return .success(more.text("sub") == claims.text("sub") ? more : Claims(values: [:]))
        } catch {
            return .failure(error)
        }
    }
}

/// What a provider gives for a code.
private struct Tokens: Decodable {
    let idToken: String?
    let accessToken: String?

    enum CodingKeys: String, CodingKey {
        case idToken = "id_token"
        case accessToken = "access_token"
    }
}

/// Why it gives none.
private struct TokenRefusal: Decodable {
    let error: String
}

extension OpenIDProvider {
    private func tokens(
        for code: String, verifier: String, at document: ProviderDocument, by end: ContinuousClock.Instant
    ) async throws(ProviderFault) -> Tokens {
        var fields: [(String, String)] = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", settings.redirectAddress), ("code_verifier", verifier),
        ]
        var authorization: String?
        let methods = document.tokenMethods ?? ["client_secret_basic"]
        switch settings.clientSecret {
        case let secret? where methods.contains("client_secret_basic") || !methods.contains("client_secret_post"):
            let pair = "\(PercentEncoding.encode(settings.clientID)):\(PercentEncoding.encode(secret))"
            authorization = "Basic \(Data(pair.utf8).base64EncodedString())"
        case let secret?: fields += [("client_id", settings.clientID), ("client_secret", secret)]
        case nil: fields.append(("client_id", settings.clientID))
        }
        let answer = try await calls.post(Self.form(fields), to: document.tokenEndpoint, authorization: authorization, by: end)
        if answer.status == 200, let tokens = try? JSONDecoder().decode(Tokens.self, from: Data(answer.body)) { return tokens }
        let refusal = try? JSONDecoder().decode(TokenRefusal.self, from: Data(answer.body))
        guard refusal?.error == "invalid_grant" else {
            throw .unusable("it gives no token: status \(answer.status), \(ProviderFault.brief(refusal?.error ?? "without a reason"))")
        }
        throw .codeRefused("invalid_grant")
    }

    fileprivate static func form(_ fields: [(String, String)]) -> String {
        fields.map { "\($0.0)=\(PercentEncoding.encode($0.1))" }.joined(separator: "&")
    }

    fileprivate static func base64URL(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
