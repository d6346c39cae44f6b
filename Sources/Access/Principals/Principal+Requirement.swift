package import HTTPEdge
package import Kernel

extension Principal {
    /// Whether one of the roles is held at a centre.
    ///
    /// A network role of the list counts wherever the question is asked; `networkManager` counts even when it is not in the list.
    package func holds(_ roles: Role..., at centre: Int16) -> Bool {
        holds(anyOf: roles, at: centre)
    }

    /// - Throws: ``Problem`` 403 unless ``holds(_:at:)``.
    package func require(_ roles: Role..., at centre: Int16) throws(Problem) {
        guard holds(anyOf: roles, at: centre) else { throw .forbidden(roles: roles) }
    }

    /// Whether one of these roles of the network is held.
    package func holdsForNetwork(_ roles: Role...) -> Bool {
        roles.contains { holds($0, in: .network) }
    }

    /// Whether this caller runs an organisation's keys.
    package func administers(_ organisation: OrganisationID) -> Bool {
        holds(.organisationAdmin, in: .organisation(organisation)) || holdsForNetwork(.networkManager)
    }

    private func holds(anyOf roles: [Role], at centre: Int16) -> Bool {
        grants.contains { grant in
            switch grant.scope {
            case .centre(let id): id.centreColumn == centre && roles.contains(grant.role)
            case .network: grant.role == .networkManager || roles.contains(grant.role)
            case .organisation: false
            }
        }
    }
}
