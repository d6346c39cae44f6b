package import HTTPEdge
package import Kernel
import Postgres

/// What came of a change of one's own password.
package enum PasswordChange: Hashable, Sendable {
    case changed
    /// The former one was not that.
    case refused
    /// ``People/allows(_:of:)`` does not allow the new one.
    case notAllowed
    /// Too many were tried; none is looked at for so many seconds.
    case tooMany(seconds: Int32)
    case busy
    /// Nobody signs in with a password as this key.
    case noPassword
}

extension Sessions {
    /// Whether a person signs in with a password as this key.
    package func hasPassword(_ principal: Principal) async throws -> Bool {
        try await database.first(SQL.PasswordOf(key: try principal.keyID))?.hasPassword ?? false
    }

    /// Gives who is signed in another password, and signs them out everywhere else.
    ///
    /// The former one is asked for, and counts as a try: a browser that somebody left open opens no more than it shows.
    ///
    /// - Parameters:
    ///   - token: of the session that stays.
    ///   - network: from where they ask; nil for a Unix socket.
    package func changePassword(
        of principal: Principal, from former: String, to new: String, keeping token: SessionToken, from network: IPAddress?
    ) async throws -> PasswordChange {
        let key = try principal.keyID
        let person = try await database.first(SQL.PasswordOf(key: key))
        guard let person, person.hasPassword, let address = SignInAddress(person.email) else { return .noPassword }
        guard People.allows(new, of: address) else { return .notAllowed }
        let tries = PasswordTries(of: address, from: network, pepper, limits)
        let attempt = try await database.one(
            SQL.TryPassword(who: tries.accounts, most: tries.most, email: address.text, minutes: limits.passwordMinutes))
        guard attempt.isAllowed else { return .tooMany(seconds: attempt.waitSeconds ?? 60 * limits.passwordMinutes) }
        let found = former.utf8.count <= People.passwordBytes ? try await desk.holds(attempt.passwordHash, former) : false
        guard let isRight = found else { return .busy }
        guard isRight, let hash = attempt.passwordHash else { return .refused }
        let replacement = try await desk.hash(new)
        let row = try await database.one(
            SQL.ChangePassword(key: key, formerHash: hash, hash: replacement.text, tokenDigest: pepper.digest(of: token)))
        return row.isChanged ? .changed : .refused
    }
}
