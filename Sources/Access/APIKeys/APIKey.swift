package import HTTPEdge
package import Kernel

/// An API key without its secret.
package struct APIKey: Hashable, Sendable {
    package let id: KeyID
    package let label: String
    /// The first characters of the secret.
    package let prefix: String
    package let grants: [RoleGrant]
    package let createdAt: Instant
    package let expiresAt: Instant?
    package let revokedAt: Instant?
    /// The key that made it; nil: the command line did.
    package let createdBy: KeyID?
    /// When that one was revoked: this one lives on until somebody revokes it too.
    package let makerRevokedAt: Instant?
}

/// A key just made, with the secret that is shown this once.
package struct IssuedAPIKey: Sendable {
    package let key: APIKey
    package let secret: APIKeySecret
}

extension APIKey {
    init(_ row: SQL.ListAPIKeys.Row, organisation: OrganisationID) {
        self.init(
            id: row.id, label: row.label, prefix: row.prefix,
            grants: RoleGrant.grants(roles: row.roles, centres: row.roleCentres, organisation: organisation),
            createdAt: row.createdAt, expiresAt: row.expiresAt, revokedAt: row.revokedAt, createdBy: row.createdBy,
            makerRevokedAt: row.makerRevokedAt)
    }
}

extension APIKey: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in writeMembers(to: &json) }
    }

    /// - Parameter secret: only in the one answer that may show it.
    func writeMembers(to json: inout JSONWriter, secret: APIKeySecret? = nil) {
        json.member("id", id)
        json.member("label", label)
        json.member("prefix", prefix)
        json.member("key", secret?.text)
        json.array("roles", grants)
        json.member("createdAt", createdAt)
        json.member("expiresAt", expiresAt)
        json.member("revokedAt", revokedAt)
        json.member("createdBy", createdBy)
        json.member("makerRevokedAt", makerRevokedAt)
    }
}
