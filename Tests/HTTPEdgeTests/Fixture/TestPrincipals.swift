import FoundationEssentials
import Kernel

@testable import HTTPEdge

/// Knows two keys: `member-key` and `manager-key`; `broken-key` fails as a database would.
struct KnownKeys: Authenticating {
    struct Unreachable: Error {}

    static let organisation = OrganisationID(rawValue: UUID(uuidString: "01890000-0000-7000-8000-000000000001")!)

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
        Principal(organisationID: KnownKeys.organisation, grants: [RoleGrant(role: role)], language: language)
    }
}
