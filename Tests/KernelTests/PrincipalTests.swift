import Kernel
import Testing

struct PrincipalTests {
    private let centre = CentreID.sample(1)
    private let organisation = OrganisationID.sample(2)

    @Test(arguments: Role.allCases)
    func `a role is held only where it can be`(role: Role) {
        #expect((RoleGrant(role, in: .organisation(organisation)) != nil) == (role.reach == .organisation))
        #expect((RoleGrant(role, in: .centre(centre)) != nil) == (role.reach == .centre))
        #expect((RoleGrant(role, in: .network) != nil) == (role.reach == .network))
    }

    @Test func `a role at one centre says nothing of another`() throws {
        let grant = try #require(RoleGrant(.centreManager, in: .centre(centre)))
        let principal = Principal(credential: .subject("s"), organisationID: organisation, grants: [grant])
        #expect(principal.holds(.centreManager, in: .centre(centre)))
        #expect(!principal.holds(.centreManager, in: .centre(.sample(3))))
        #expect(!principal.holds(.centreStaff, in: .centre(centre)))
        #expect(!principal.holds(.centreManager, in: .network))
        #expect(principal.holds(anyOf: [.centreStaff, .centreManager], in: .centre(centre)))
        #expect(principal.holdsSomewhere(anyOf: [.centreManager]))
        #expect(!principal.holdsSomewhere(anyOf: [.member]))
    }

    @Test(
        arguments: [("fr", .fr), ("FR-be", .fr), ("en-GB", .en), ("nl", .nl), ("de-AT", .de), ("es", nil), ("", nil)]
            as [(String, Language?)])
    func `a language tag counts by its first part`(tag: String, language: Language?) {
        #expect(Language(tag: tag) == language)
    }

    @Test func `a page knows whether more follow`() {
        #expect(Page(fetched: [1, 2, 3], size: 2).items == [1, 2])
        #expect(Page(fetched: [1, 2, 3], size: 2).hasMore)
        #expect(!Page(fetched: [1, 2], size: 2).map { "\($0)" }.hasMore)
    }
}

extension Identifier {
    fileprivate static func sample(_ seed: UInt64) -> Identifier {
        var random = SplitMix64(seed: seed)
        return make(centre: 1, at: Instant(secondsSince1970: 0), random: &random)
    }
}
