import Kernel
import Postgres

/// What came of a password.
package enum PasswordSignIn: Sendable {
    case begun(SessionToken)
    /// Of an address that nobody has, as of a wrong password.
    case refused
    /// Too many were tried; right or wrong, none is looked at for a while.
    case tooMany
}

extension Sessions {
    /// Signs in whom an identity provider has recognised, if somebody registered them.
    /// - Parameter address: only one that the provider has verified.
    /// - Returns: the token of the new session; nil for who is not registered, or no longer.
    package func begin(as identity: Identity, address: SignInAddress?) async throws -> SessionToken? {
        let token = makeToken()
        let begun = try await database.one(
            SQL.SignInIdentity(
                id: identifiers.make(SessionID.self), issuer: identity.issuer, subject: identity.subject, email: address?.text,
                tokenDigest: pepper.digest(of: token), idleMinutes: limits.idleMinutes, longestMinutes: limits.longestMinutes))
        return begun.hasBegun ? token : nil
    }

    /// Signs in who knows the password of an address.
    package func begin(with password: String, of address: SignInAddress) async throws -> PasswordSignIn {
        let who = pepper.digest(of: address)
        let attempt = try await database.one(
            SQL.TryPassword(who: who, email: address.text, most: limits.passwordTries, minutes: limits.passwordMinutes))
        guard attempt.isAllowed else { return .tooMany }
        let isRight = try await desk.holds(attempt.passwordHash, password)
        guard isRight, let hash = attempt.passwordHash else { return .refused }
        let token = makeToken()
        let begun = try await database.one(
            SQL.SignInWithPassword(
                id: identifiers.make(SessionID.self), who: who, email: address.text, hash: hash,
                tokenDigest: pepper.digest(of: token), idleMinutes: limits.idleMinutes, longestMinutes: limits.longestMinutes))
        return begun.hasBegun ? .begun(token) : .refused
    }

    func makeToken() -> SessionToken {
        var random = identifiers.generator
        return SessionToken.make(random: &random)
    }
}
