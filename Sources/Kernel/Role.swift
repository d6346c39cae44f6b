/// What somebody may do; held in an organisation, at a centre or for the network.
package enum Role: String, CaseIterable, Hashable, Sendable {
    case member, booker, organisationAdmin
    case instructor, centreStaff, centreManager
    case networkAuditor, networkManager, labelAuthority

    /// Where a role can be held.
    package enum Reach: Hashable, Sendable {
        case organisation, centre, network
    }

    package var reach: Reach {
        switch self {
        case .member, .booker, .organisationAdmin: .organisation
        case .instructor, .centreStaff, .centreManager: .centre
        case .networkAuditor, .networkManager, .labelAuthority: .network
        }
    }
}

/// A role with the place where it is held.
package struct RoleGrant: Hashable, Sendable {
    /// A place where roles are held.
    package enum Scope: Hashable, Sendable {
        case organisation(OrganisationID)
        case centre(CentreID)
        case network
    }

    package let role: Role
    package let scope: Scope

    /// - Returns: nil when the role can't be held in that kind of place.
    package init?(_ role: Role, in scope: Scope) {
        switch (role.reach, scope) {
        case (.organisation, .organisation), (.centre, .centre), (.network, .network):
            self.role = role
            self.scope = scope
        default: return nil
        }
    }
}
