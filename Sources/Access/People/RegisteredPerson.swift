import HTTPEdge
import Kernel

/// Somebody who may sign in, as the managers of the network see them.
struct RegisteredPerson: Hashable, Sendable {
    let id: PersonID
    /// As which they act.
    let key: KeyID
    let name: String
    let address: String
    let grants: [RoleGrant]
    let registeredAt: Instant
    /// When an account at the identity provider became theirs; nil: none has yet.
    let boundAt: Instant?
    let hasPassword: Bool

    init(_ row: SQL.ListPeople.Row, organisation: OrganisationID) {
        id = row.id
        key = row.keyId
        name = row.name
        address = row.email
        grants = RoleGrant.grants(roles: row.roles, centres: row.roleCentres, organisation: organisation)
        registeredAt = row.registeredAt
        boundAt = row.boundAt
        hasPassword = row.hasPassword
    }
}

extension RegisteredPerson: JSONWritable {
    func write(to json: inout JSONWriter) {
        json.object { json in writeMembers(to: &json) }
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("keyId", key)
        json.member("name", name)
        json.member("email", address)
        json.array("roles", grants)
        json.member("registeredAt", registeredAt)
        json.member("boundAt", boundAt)
        json.member("hasPassword", hasPassword)
    }
}

/// The body of `registerPerson`.
struct PersonSubmission: RequestObject {
    let name: String
    let address: SignInAddress
    let roles: [RoleSubmission]

    init?(reading fields: inout FieldReader) {
        let name = fields.required("name", maximum: 100)
        let email = fields.required("email", maximum: 254)
        let roles = fields.array("roles", RoleSubmission.self, count: 1...50)
        let address = email.flatMap(SignInAddress.init)
        if email != nil, address == nil { fields.refuse("email", Text("reason.emailAddress")) }
        guard let name, let address, let roles else { return nil }
        self.name = name
        self.address = address
        self.roles = roles
    }

    func person(of organisation: OrganisationID) -> NewPerson {
        let grants = roles.compactMap { RoleGrant($0.role, centre: $0.centreID, organisation: organisation) }
        return NewPerson(organisation: organisation, name: name, address: address, grants: grants)
    }
}
