/// Who makes a request, as far as rules need to know.
package struct Principal: Hashable, Sendable {
    /// A machine with an API key, or a person known by the subject that their identity provider gives them.
    package enum Credential: Hashable, Sendable {
        case key(KeyID)
        case subject(String)
    }

    package let credential: Credential
    /// On whose behalf the request is made.
    package let organisationID: OrganisationID
    package let grants: Set<RoleGrant>
    /// Nil leaves the choice to the request.
    package let language: Language?

    package init(credential: Credential, organisationID: OrganisationID, grants: Set<RoleGrant>, language: Language? = nil) {
        self.credential = credential
        self.organisationID = organisationID
        self.grants = grants
        self.language = language
    }

    /// Whether the role is held in exactly that place.
    package func holds(_ role: Role, in scope: RoleGrant.Scope) -> Bool {
        RoleGrant(role, in: scope).map(grants.contains) ?? false
    }

    package func holds(anyOf roles: Set<Role>, in scope: RoleGrant.Scope) -> Bool {
        roles.contains { holds($0, in: scope) }
    }

    /// Whether the role is held anywhere; enough to reach an endpoint, never enough to change a row.
    package func holdsSomewhere(anyOf roles: Set<Role>) -> Bool {
        grants.contains { roles.contains($0.role) }
    }
}
