import Kernel
import Postgres

/// What a browser takes with it to the identity provider and must bring back, all of it derived from one token that only it has.
///
/// The database keeps a digest of the token, and only until it is answered: an answer counts once, in the browser that asked.
package struct SignInErrand: Sendable {
    /// What the browser keeps.
    package let token: SessionToken
    /// Comes back with the answer (RFC 6749, 10.12).
    package let state: String
    /// Comes back inside the ID token (OpenID Connect Core, 3.1.2.1).
    package let nonce: String
    /// Shown to the provider with the code (RFC 7636).
    package let verifier: String
}

extension Sessions {
    /// One that was not begun yet.
    package func newErrand() -> SignInErrand {
        errand(of: makeToken())
    }

    /// - Parameter back: where the browser wants to go afterwards, an address of this service.
    package func begin(_ errand: SignInErrand, back: String) async throws {
        _ = try await database.execute(
            SQL.BeginSignIn(tokenDigest: pepper.errandDigest(of: errand.token), back: back, minutes: limits.errandMinutes))
    }

    /// Of a token that a browser has kept; says nothing of whether it was ever begun.
    package func errand(of token: SessionToken) -> SignInErrand {
        SignInErrand(
            token: token, state: pepper.errandText("state", of: token), nonce: pepper.errandText("nonce", of: token),
            verifier: pepper.errandText("verifier", of: token))
    }

    /// Ends it, whatever comes of it.
    /// - Returns: where the browser wanted to go; nil when it was never begun, too long ago, or answered before.
    package func take(_ errand: SignInErrand) async throws -> String? {
        try await database.one(SQL.TakeSignIn(tokenDigest: pepper.errandDigest(of: errand.token))).back
    }
}

extension KeyPepper {
    fileprivate func errandDigest(of token: SessionToken) -> [UInt8] {
        code(of: "errand:\(token.text)")
    }

    fileprivate func errandText(_ purpose: String, of token: SessionToken) -> String {
        Base62.encode(code(of: "errand-\(purpose):\(token.text)"), length: 43)
    }
}
