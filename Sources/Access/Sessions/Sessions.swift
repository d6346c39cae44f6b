package import Kernel
import Postgres

/// People who are signed in: a browser keeps a token, the database its digest.
package struct Sessions: Sendable {
    /// How long a session stays open without being used, and in all.
    package struct Limits: Sendable {
        package var idleMinutes: Int32 = 60
        package var longestMinutes: Int32 = 720
        /// For coming back from the identity provider.
        package var errandMinutes: Int32 = 10
        /// Passwords that may be tried for one address of mail from one network in so many minutes.
        package var passwordTries: Int32 = 10
        package var passwordMinutes: Int32 = 15
        /// For one address of mail from everywhere.
        package var passwordTriesOfPerson: Int32 = 50
        /// From one network, whosever they are.
        package var passwordTriesOfNetwork: Int32 = 100

        package init() {}
    }

    let database: PostgresPool
    let pepper: KeyPepper
    let identifiers: IdentifierSource
    let desk: PasswordDesk
    package let limits: Limits

    /// Signs in who shows a key.
    /// - Returns: the token of the new session; nil when the key is not good.
    package func begin(with key: String) async throws -> SessionToken? {
        guard let secret = APIKeySecret(key) else { return nil }
        let token = makeToken()
        let begun = try await database.one(
            SQL.BeginSession(
                id: identifiers.make(SessionID.self), keyDigest: pepper.digest(of: secret), tokenDigest: pepper.digest(of: token),
                idleMinutes: limits.idleMinutes, longestMinutes: limits.longestMinutes))
        return begun.hasBegun ? token : nil
    }

    /// - Returns: who is signed in, by name where it is a person; nil when the session has ended, or never was.
    package func resume(_ token: SessionToken) async throws -> (principal: Principal, personName: String?)? {
        let row = try await database.first(
            SQL.ResumeSession(tokenDigest: pepper.digest(of: token), idleMinutes: limits.idleMinutes))
        return row.map { row in
            let principal = Principal(
                credential: .key(row.keyId), organisationID: row.organisationId,
                grants: Set(RoleGrant.grants(roles: row.roles, centres: row.roleCentres, organisation: row.organisationId)))
            return (principal, row.personName)
        }
    }

    package func end(_ token: SessionToken) async throws {
        _ = try await database.one(SQL.EndSession(tokenDigest: pepper.digest(of: token)))
    }

    /// Signs somebody out everywhere.
    package func endAll(of principal: Principal) async throws {
        _ = try await database.one(SQL.EndSessions(key: try principal.keyID))
    }

    /// What a form of this session carries, so that no other site can send it.
    package func formToken(of token: SessionToken) -> String {
        pepper.formToken(of: token)
    }
}

extension Access {
    package func sessions(_ limits: Sessions.Limits = Sessions.Limits()) -> Sessions {
        Sessions(database: database, pepper: pepper, identifiers: identifiers, desk: passwords, limits: limits)
    }
}
