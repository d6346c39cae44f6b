package import HTTPEdge
package import Kernel
import Postgres

/// Finds who presents an API key.
///
/// A key is looked up by its digest, so timing tells nothing about other keys.
package struct Authenticator: Authenticating {
    let database: PostgresPool
    let pepper: KeyPepper

    /// - Parameter instant: not used; expiry is judged by the database's clock.
    package func principal(for credential: BearerCredential, at instant: Instant) async throws -> Principal? {
        guard let secret = APIKeySecret(credential.token) else { return nil }
        let row = try await database.first(SQL.Authenticate(digest: pepper.digest(of: secret)))
        return row.map(Principal.init)
    }
}

extension Principal {
    fileprivate init(_ row: SQL.Authenticate.Row) {
        self.init(
            credential: .key(row.keyId), organisationID: row.organisationId,
            grants: Set(RoleGrant.grants(roles: row.roles, centres: row.roleCentres, organisation: row.organisationId)))
    }
}
