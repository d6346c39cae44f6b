import FoundationEssentials
import Kernel

@testable import HTTPEdge

/// Knows two keys: `member-key` and `manager-key`; `broken-key` fails as a database would.
struct KnownKeys: Authenticating {
    struct Unreachable: Error {}

    static let organisation = OrganisationID(UUID(uuid: (1, 0x89, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 1)))

    func principal(for credential: BearerCredential, at instant: Instant) async throws -> Principal? {
        switch credential.token {
        case "member-key": .holding(.member)
        case "manager-key": .holding(.centreManager)
        case "english-key": .holding(.member, language: .en)
        case "broken-key": throw Unreachable()
        default: nil
        }
    }
}

extension Principal {
    static func holding(_ role: Role, language: Language? = nil) -> Principal {
        let scope: RoleGrant.Scope =
            role.reach == .organisation ? .organisation(KnownKeys.organisation) : .centre(CentreID(KnownKeys.organisation.rawValue))
        let grants = [RoleGrant(role, in: scope)].compactMap { $0 }
        return Principal(
            credential: .subject("somebody"), organisationID: KnownKeys.organisation, grants: Set(grants), language: language)
    }
}
