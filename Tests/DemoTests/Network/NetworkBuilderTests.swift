@testable import Demo
import Kernel
import Testing

struct NetworkBuilderTests {
    let network: PlannedNetwork

    init() throws {
        network = try DemoPlan.network()
    }

    @Test func `the network has the published centres and platforms`() {
        #expect(network.centres.count == 25)
        #expect(network.centres[0].isNetwork)
        #expect(network.platforms.count == 28)
        #expect((140...170).contains(network.assets.count))
        #expect(network.assets.contains { $0.platform == nil })
        #expect(network.resources.contains { !$0.isShared })
        #expect(Set(network.assets.map(\.inventoryNumber)).count == network.assets.count)
    }

    @Test func `every id carries the number of its centre`() {
        #expect(network.centres.allSatisfy { Int($0.id.centreNumber) == $0.number })
        #expect(network.sites.allSatisfy { Int($0.id.centreNumber) == $0.centre })
        #expect(network.resources.allSatisfy { Int($0.id.centreNumber) == $0.centre })
        #expect(network.organisations.allSatisfy { $0.id.centreNumber == 0 })
    }

    @Test func `organisations that are no centre say that they are fictional`() {
        let others = network.organisations.filter { $0.centre == nil }
        #expect(others.count == 26)
        #expect(others.allSatisfy { $0.name.hasSuffix("(fictif)") })
    }

    @Test func `enterprise and establishment numbers pass their check and belong to the synthetic range`() {
        for organisation in network.organisations {
            #expect(EnterpriseNumber(organisation.enterpriseNumber) != nil)
            #expect(organisation.enterpriseNumber.hasPrefix("199900"))
            if let unit = organisation.establishmentNumber { #expect(EstablishmentNumber(unit) != nil) }
        }
    }

    @Test func `two organisations are establishments of one enterprise`() {
        let units = network.organisations.filter { $0.establishmentNumber != nil }
        #expect(units.count == 2)
        #expect(Set(units.map(\.enterpriseNumber)).count == 1)
        #expect(Set(units.map(\.establishmentNumber)).count == 2)
    }

    @Test func `one membership has expired and one ends soon`() {
        let ends = network.organisations.compactMap(\.membership?.to).sorted()
        #expect(ends == [DemoPlan.monday.adding(days: -45), DemoPlan.monday.adding(days: 20)])
    }

    @Test func `courses that nobody published say that they are fictional, and one is for a company alone`() throws {
        #expect(network.offers.count == 38)
        #expect(network.offers.count { !$0.title.hasSuffix("(fictif)") } == 6)
        #expect(network.offers.allSatisfy { Int($0.id.centreNumber) == $0.centre && network.resources[$0.platform].centre == $0.centre })
        #expect(network.offers.count { $0.organisation != nil } == 1)
        #expect(network.funding.count == 10)
        #expect(network.funding.allSatisfy { ($0.body?.hasSuffix("(fictif)") ?? true) && !network.resources[$0.asset].isPlatform })
        #expect(network.funding.allSatisfy { ($0.body == nil) != ($0.organisation == nil) })
        #expect(network.offers.count { $0.withdrawnAt != nil } == 1)
        let codes = network.offers.map { "\($0.centre) \($0.code)" }
        #expect(Set(codes).count == codes.count)
    }

    @Test func `some centres have stocks, one of them low on what is used up, and kits of what is their own`() throws {
        #expect(network.stocks.count == 5 && Set(network.stocks.map(\.centre)).count == 3)
        #expect(network.kits.count == 3 && Set(network.kits.map(\.centre)).count == 3)
        #expect((network.stocks.map(\.name) + network.kits.map(\.name)).allSatisfy { $0.hasSuffix("(fictif)") })
        #expect(network.stocks.allSatisfy { Int($0.id.centreNumber) == $0.centre && network.sites[$0.site].centre == $0.centre })
        #expect(network.kits.allSatisfy { Int($0.id.centreNumber) == $0.centre && $0.members.count >= 3 })
        let low = network.stocks.filter { $0.amount < $0.minimum ?? 0 }
        #expect(low.map(\.name) == ["Électrodes de soudage (fictif)"] && low[0].isConsumable)
    }

    @Test func `a renamed centre keeps both names`() throws {
        let renamed = try #require(network.centres.first { $0.formerName != nil })
        #expect(renamed.name == "aptaskil")
        #expect(renamed.formerName?.name == "Cefochim")
        #expect(renamed.formerName?.until == LocalDay("2021-10-01"))
    }

    @Test(arguments: ["2026-04-05", "2028-06-20"])
    func `a day that the story does not fit is refused`(day: String) throws {
        let day = try #require(LocalDay(day))
        #expect(throws: DemoError.self) { try DemoNetwork(today: day).plan() }
    }
}
