package import HTTPEdge
import Kernel
import Postgres

/// What came of a password.
package enum PasswordSignIn: Hashable, Sendable {
    case begun(SessionToken)
    /// Of an address that nobody has, as of a wrong password.
    case refused
    /// Too many were tried; right or wrong, none is looked at for so many seconds.
    case tooMany(seconds: Int32)
    /// So many are being looked at that this one would wait too long.
    case busy
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
    /// - Parameter network: from where they ask; nil for a Unix socket.
    package func begin(with password: String, of address: SignInAddress, from network: IPAddress?) async throws -> PasswordSignIn {
        let tries = PasswordTries(of: address, from: network, pepper, limits)
        let attempt = try await database.one(
            SQL.TryPassword(who: tries.accounts, most: tries.most, email: address.text, minutes: limits.passwordMinutes))
        guard attempt.isAllowed else { return .tooMany(seconds: attempt.waitSeconds ?? 60 * limits.passwordMinutes) }
        let found = try await desk.holds(attempt.passwordHash, password)
        guard let isRight = found else { return .busy }
        guard isRight, let hash = attempt.passwordHash else { return .refused }
        let token = makeToken()
        let begun = try await database.one(
            SQL.SignInWithPassword(
                id: identifiers.make(SessionID.self), who: tries.accounts, email: address.text, hash: hash,
                tokenDigest: pepper.digest(of: token), idleMinutes: limits.idleMinutes, longestMinutes: limits.longestMinutes))
        return begun.hasBegun ? .begun(token) : .refused
    }

    func makeToken() -> SessionToken {
        var random = identifiers.generator
        return SessionToken.make(random: &random)
    }
}
