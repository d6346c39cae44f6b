import Access
import HTTPEdge
import Kernel
import Postgres
import TestSupport
import Testing

@Suite
struct PrincipalTests {
    private static let organisation: OrganisationID = identifier(centre: 0)

    private static func identifier<Entity>(centre: UInt16) -> Identifier<Entity> {
        var random = SplitMix64(seed: UInt64(centre) + 9)
        return .make(centre: centre, at: Instant(secondsSince1970: 1_800_000_000), random: &random)
    }

    private static func principal(_ grants: (role: Role, centre: UInt16?)...) -> Principal {
        let grants = grants.compactMap { role, centre -> RoleGrant? in
            switch role.reach {
            case .centre: RoleGrant(role, in: .centre(identifier(centre: centre ?? 0)))
            case .network: RoleGrant(role, in: .network)
            case .organisation: RoleGrant(role, in: .organisation(organisation))
            }
        }
        return Principal(credential: .key(identifier(centre: 0)), organisationID: organisation, grants: Set(grants))
    }

    @Test
    func `a role at one centre says nothing of another`() {
        let manager = Self.principal((.centreManager, 4))
        #expect(manager.holds(.centreManager, at: 4))
        #expect(!manager.holds(.centreManager, at: 5))
        #expect(!manager.holds(.centreStaff, at: 4))
        #expect(throws: Problem.self) { try manager.require(.centreManager, at: 5) }
    }

    @Test
    func `the manager of the network passes everywhere, its auditor only where it is named`() {
        let manager = Self.principal((.networkManager, nil))
        let auditor = Self.principal((.networkAuditor, nil))
        #expect(manager.holds(.centreManager, at: 7))
        #expect(!auditor.holds(.centreManager, at: 7))
        #expect(auditor.holds(.centreManager, .networkAuditor, at: 7))
        #expect(!Self.principal((.organisationAdmin, nil)).holds(.centreManager, .organisationAdmin, at: 7))
    }

    @Test
    func `the settings say who asks, where it works and whether it sees the network`() {
        let staff = Self.principal((.centreStaff, 4), (.instructor, 1), (.booker, nil)).settings
        #expect(staff.first { $0.name == "plateau.organisation" }?.value == Self.organisation.description)
        #expect(staff.first { $0.name == "plateau.centres" }?.value == "{1,4}")
        #expect(staff.allSatisfy { $0.name != "plateau.network" })
        for role in [Role.networkManager, .networkAuditor, .labelAuthority] {
            let settings = Self.principal((role, nil)).settings
            #expect(settings.contains { $0.name == "plateau.network" && $0.value == "on" })
            #expect(settings.first { $0.name == "plateau.centres" }?.value == "{}")
        }
    }
}
