import Access
import Composition
import HTTPEdge
import Kernel
import TestSupport
import Testing

@testable import Pages

@Suite("The navigation of the pages")
struct NavigationTests {
    private static func navigation(_ roles: [Role], section: String?) throws -> Navigation {
        let organisation = try #require(OrganisationID("01a031f3-2a54-7000-83cb-c20d0f8a7abf"))
        let key = try #require(KeyID("01a031f3-2a54-7000-83cb-c20d0f8a7ab0"))
        let centre = try #require(CentreID("01a1e1a7-4c00-7001-8400-0000000000c1"))
        let grants = roles.compactMap { RoleGrant($0, in: $0.reach == .centre ? .centre(centre) : .organisation(organisation)) }
        let principal = Principal(credential: .key(key), organisationID: organisation, grants: Set(grants))
        return Navigation.of(principal, Speaker(.english, catalogue: House.catalogue), section: section)
    }

    @Test
    func `few pages stand in one row`() throws {
        let booker = try Self.navigation([.booker], section: "search")
        #expect(booker.top.map(\.name) == ["Search", "Courses", "My bookings", "Register"])
        #expect(booker.top.map(\.isCurrent) == [true, false, false, false])
        #expect(booker.below.isEmpty)
    }

    @Test
    func `many are grouped by what people do, and the current group is open`() throws {
        let manager = try Self.navigation([.centreManager, .booker, .organisationAdmin], section: "inventory")
        #expect(manager.top.map(\.name) == ["Centre", "Book", "Register", "Organisation"])
        #expect(manager.top.map(\.isAbove) == [true, false, false, false])
        #expect(manager.top.allSatisfy { !$0.isCurrent })
        #expect(manager.belowName == "Centre")
        #expect(manager.below.map(\.name) == ["Today", "Approvals", "Week", "Inventory", "Courses", "Utilisation", "Renewal"])
        #expect(manager.below.filter(\.isCurrent).map(\.name) == ["Inventory"])
        // A group leads to its first page.
        #expect(manager.top[0].href == manager.below[0].href)
        #expect(manager.top[3].href == "/keys")
    }

    @Test
    func `nothing is open where no page of a group is`() throws {
        for section in [nil, "register", "nowhere"] {
            let manager = try Self.navigation([.centreManager, .booker, .organisationAdmin], section: section)
            #expect(manager.below.isEmpty && manager.top.allSatisfy { !$0.isAbove })
            #expect(manager.top.filter(\.isCurrent).map(\.name) == (section == "register" ? ["Register"] : []))
        }
    }

    @Test
    func `the page says which list is which`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let browser = TestBrowser(server)
            _ = try await browser.signIn(with: network.managerKey)
            let page = try await browser.get("/centres/\(network.centre)/inventory")
            #expect(page.body.contains(#"<ul class="inner below" aria-label="Centre">"#), "\(page.body)")
            #expect(page.body.contains(#"/inventory" aria-current="page">Inventory"#))
            #expect(page.body.contains(#"/today" aria-current="true">Centre"#))
        }
    }
}
