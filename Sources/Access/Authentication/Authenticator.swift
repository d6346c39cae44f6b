package import HTTPEdge
package import Kernel
import Postgres

/// Finds who presents an API key.
///
/// A key is looked up by its digest, so timing tells nothing about other keys.
package struct Authenticator: Authenticating {
    let database: PostgresPool
    let pepper: KeyPepper
    let known: KnownKeys

    /// - Parameter instant: not used; expiry is judged by the database's clock.
    package func principal(for credential: BearerCredential, at instant: Instant) async throws -> Principal? {
        guard let secret = APIKeySecret(credential.token) else { return nil }
        let digest = pepper.digest(of: secret)
        let question: KnownKeys.Question
        switch known.principal(of: digest, at: .now) {
        case .known(let principal): return principal
        case .ask(let asked): question = asked
        }
        guard let row = try await database.first(SQL.Authenticate(digest: digest), isAhead: true) else { return nil }
        let principal = Principal(row)
        known.keep(principal, of: digest, for: row.microsecondsLeft.map { .microseconds($0) }, answering: question)
        return principal
    }
}

extension Principal {
    fileprivate init(_ row: SQL.Authenticate.Row) {
        self.init(
            credential: .key(row.keyId), organisationID: row.organisationId,
            grants: Set(RoleGrant.grants(roles: row.roles, centres: row.roleCentres, organisation: row.organisationId)))
    }
}
