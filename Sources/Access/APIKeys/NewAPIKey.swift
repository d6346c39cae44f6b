import HTTPEdge
package import Kernel

/// A key to be made.
package struct NewAPIKey: Sendable {
    package var label: String
    package var grants: [RoleGrant]
    package var expiresAt: Instant?

    package init(label: String, grants: [RoleGrant], expiresAt: Instant? = nil) {
        self.label = label
        self.grants = grants
        self.expiresAt = expiresAt
    }
}

/// The body of `createApiKey`.
struct APIKeySubmission: RequestObject {
    let label: String
    let roles: [RoleSubmission]
    let expiresAt: Instant?

    init?(reading fields: inout FieldReader) {
        let label = fields.required("label", maximum: 100)
        let roles = fields.array("roles", RoleSubmission.self, count: 1...50)
        let expiresAt = fields.optional("expiresAt", Instant.self)
        guard let label, let roles else { return nil }
        self.label = label
        self.roles = roles
        self.expiresAt = expiresAt
    }

    func key(of organisation: OrganisationID) -> NewAPIKey {
        let grants = roles.compactMap { RoleGrant($0.role, centre: $0.centreID, organisation: organisation) }
        return NewAPIKey(label: label, grants: grants, expiresAt: expiresAt)
    }
}

/// A role with the centre where it is held, if it is held at one.
struct RoleSubmission: RequestObject {
    let role: Role
    let centreID: CentreID?

    init?(reading fields: inout FieldReader) {
        let role = fields.required("role", Role.self)
        let centreID = fields.optional("centreId", CentreID.self)
        guard let role else { return nil }
        if role.reach == .centre, !fields.has("centreId") { fields.refuse("centreId", Text("reason.centreRequired")) }
        if role.reach != .centre, fields.has("centreId") { fields.refuse("centreId", Text("reason.centreNotAllowed")) }
        self.role = role
        self.centreID = centreID
    }
}
