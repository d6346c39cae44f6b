import FoundationEssentials
import Kernel

extension RoleGrant {
    /// Stands for "no centre" in arrays, which hold no NULL.
    static let nowhere = CentreID(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))

    /// Grants from two parallel columns.
    ///
    /// A role that this version does not know is left out.
    static func grants(roles: [String], centres: [CentreID], organisation: OrganisationID) -> [RoleGrant] {
        zip(roles, centres).compactMap { text, centre in
            Role(rawValue: text).flatMap { RoleGrant($0, centre: centre == nowhere ? nil : centre, organisation: organisation) }
        }
    }

    /// - Returns: nil when a role that is held at a centre comes without one, or another with one.
    init?(_ role: Role, centre: CentreID?, organisation: OrganisationID) {
        switch (role.reach, centre) {
        case (.centre, let centre?): self.init(role, in: .centre(centre))
        case (.organisation, nil): self.init(role, in: .organisation(organisation))
        case (.network, nil): self.init(role, in: .network)
        default: return nil
        }
    }
}
