package import Kernel
package import Postgres

extension Access {
    /// Whose a key is, with what it may do at this moment; for work that is done on behalf of who holds it.
    /// - Returns: nil when the key is not good any more.
    package func principal(of key: KeyID) async throws(PostgresError) -> Principal? {
        try await database.first(SQL.ActorOf(key: key)).map { row in
            Principal(
                credential: .key(row.keyId), organisationID: row.organisationId,
                grants: Set(RoleGrant.grants(roles: row.roles, centres: row.roleCentres, organisation: row.organisationId)))
        }
    }
}
