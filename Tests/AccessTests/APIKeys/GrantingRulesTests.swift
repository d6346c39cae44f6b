import Kernel
import TestSupport
import Testing

@testable import Access

@Suite
struct GrantingRulesTests {
    private static let own = identifier(OrganisationID.self, 1)
    private static let other = identifier(OrganisationID.self, 2)
    private static let centre = identifier(CentreID.self, 3)
    private static let elsewhere = identifier(CentreID.self, 4)

    private static func identifier<Entity>(_ type: Identifier<Entity>.Type, _ centre: UInt16) -> Identifier<Entity> {
        var random = SplitMix64(seed: UInt64(centre))
        return .make(centre: centre, at: Instant(secondsSince1970: 1_800_000_000), random: &random)
    }

    private static func principal(_ grants: RoleGrant?...) -> Principal {
        Principal(
            credential: .key(identifier(KeyID.self, 0)), organisationID: own, grants: Set(grants.compactMap(\.self)))
    }

    private static let administrator = principal(
        RoleGrant(.organisationAdmin, in: .organisation(own)), RoleGrant(.centreManager, in: .centre(centre)))
    private static let network = principal(RoleGrant(.networkManager, in: .network))

    @Test(arguments: [Role.member, .booker, .organisationAdmin])
    func `an administrator gives the roles of its own organisation only`(role: Role) throws {
        #expect(GrantingRules.mayGrant(try #require(RoleGrant(role, in: .organisation(Self.own))), by: Self.administrator))
        #expect(!GrantingRules.mayGrant(try #require(RoleGrant(role, in: .organisation(Self.other))), by: Self.administrator))
    }

    @Test
    func `an administrator gives a role at a centre only if it holds that very one`() throws {
        let held = try #require(RoleGrant(.centreManager, in: .centre(Self.centre)))
        let otherPlace = try #require(RoleGrant(.centreManager, in: .centre(Self.elsewhere)))
        let otherRole = try #require(RoleGrant(.centreStaff, in: .centre(Self.centre)))
        #expect(GrantingRules.mayGrant(held, by: Self.administrator))
        #expect(!GrantingRules.mayGrant(otherPlace, by: Self.administrator))
        #expect(!GrantingRules.mayGrant(otherRole, by: Self.administrator))
    }

    @Test(arguments: [Role.networkAuditor, .networkManager, .labelAuthority])
    func `roles of the network come from the network's manager`(role: Role) throws {
        let grant = try #require(RoleGrant(role, in: .network))
        let authority = Self.principal(
            RoleGrant(.organisationAdmin, in: .organisation(Self.own)), RoleGrant(.labelAuthority, in: .network))
        #expect(!GrantingRules.mayGrant(grant, by: Self.administrator))
        #expect(!GrantingRules.mayGrant(grant, by: authority))
        #expect(GrantingRules.mayGrant(grant, by: Self.network))
    }
}
