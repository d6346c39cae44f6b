import Composition
import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing
import Utilisation

@Suite("Economic use of funded assets")
struct EconomicUseTests {
    @Test func `case 28: economic use is what companies book, and is told once when it passes its limit`() async throws {
        try await withTestServer { server in
            let desk = try await Desk(server)
            let asset = desk.network.units[0]
            try await fund(desk, asset, #""nature": "public", "sharePercent": 40"#)
            try await book(desk, asset, desk.network.schoolKey, day: 1, hours: 4)
            #expect(try await use(desk, asset)?["share"] == 0, "a school is no economic use")
            try await book(desk, asset, desk.network.companyKey, day: 2, hours: 1)
            let even = try await use(desk, asset)
            #expect(even?["bookedMinutes"] == 300 && even?["economicBookedMinutes"] == 60 && even?["share"]?.number == 0.2)
            #expect(even?["limitPercent"] == 20 && even?["isOver"] == false && even?["publicPercent"] == 40)
            try await setClock(desk)
            #expect(try await server.house.utilisation.warnOfEconomicUse() == 0, "within its limit")
            try await book(desk, asset, desk.network.companyKey, day: 3, hours: 1)
            #expect(try await use(desk, asset)?["isOver"] == true)
            #expect(try await server.house.utilisation.warnOfEconomicUse() == 1)
            #expect(try await server.house.utilisation.warnOfEconomicUse() == 0, "nothing is told twice")
            let told = try await server.database.owner.queryText(
                "select payload->>'year', payload->>'limitPercent' from jobs.event where type = 'equipment.economicUseOver'")
            #expect(told == [["2027", "20"]])
            #expect(try await use(desk, asset)?["toldAt"] != nil)
            try await settle(desk)
            let events = try await server.send(.get, "/v1/events?type=equipment.economicUseOver", key: desk.network.managerKey)
            #expect(events.status == .ok && events["items"]?.elements.count == 1, "\(events.body)")
            #expect(events["items", 0, "type"] == "equipment.economicUseOver")
            #expect(events["items", 0, "data", "subjectId"]?.text == "\(asset)", "\(events.body)")
            // Two hours of six.
            #expect(events["items", 0, "data", "share"]?.number == 0.3333, "\(events.body)")
            #expect(events["items", 0, "data", "year"] == 2027 && events["items", 0, "data", "limitPercent"] == 20, "\(events.body)")
        }
    }

    @Test func `the figures are those of the report, folded or not`() async throws {
        try await withTestServer { server in
            let desk = try await Desk(server)
            let asset = desk.network.units[0]
            try await fund(desk, asset, #""nature": "public", "sharePercent": 40"#)
            try await book(desk, asset, desk.network.schoolKey, day: 1, hours: 3)
            try await book(desk, asset, desk.network.companyKey, day: 2, hours: 2)
            let unfolded = try await use(desk, asset)
            _ = try await server.house.utilisation.foldTotals()
            let folded = try await use(desk, asset)
            #expect(folded == unfolded && folded?["share"]?.number == 0.4)
            let report = try await server.send(
                .get, "\(desk.centrePath)/utilisation?from=2027-01-01&to=2027-12-31", key: desk.network.managerKey)
            let row = report["resources"]?.elements.first { $0["resourceId"]?.text == "\(asset)" }
            #expect(row?["companyShare"] == folded?["share"] && row?["bookedMinutes"] == folded?["bookedMinutes"], "\(report.body)")
        }
    }

    @Test func `a line sets a limit of its own, and private money alone has none`() async throws {
        try await withTestServer { server in
            let desk = try await Desk(server)
            let (own, alone) = (desk.network.units[0], desk.network.units[1])
            try await fund(desk, own, #""nature": "public", "sharePercent": 40, "economicLimitPercent": 60"#)
            try await fund(desk, own, #""nature": "public", "sharePercent": 40, "economicLimitPercent": 55"#)
            try await fund(desk, alone, #""nature": "private", "sharePercent": 100"#)
            try await book(desk, own, desk.network.companyKey, day: 1, hours: 1)
            try await book(desk, own, desk.network.schoolKey, day: 2, hours: 1)
            try await book(desk, alone, desk.network.companyKey, day: 1, hours: 1)
            let (first, second) = (try await use(desk, own), try await use(desk, alone))
            #expect(first?["limitPercent"] == 55 && first?["isOver"] == false && first?["share"]?.number == 0.5)
            #expect(first?["publicPercent"] == 80)
            #expect(second?["limitPercent"] == nil && second?["isOver"] == false && second?["share"] == 1)
            try await setClock(desk)
            #expect(try await server.house.utilisation.warnOfEconomicUse() == 0)
        }
    }

    @Test func `what stands fast on a platform and is never booked by itself is measured on it`() async throws {
        try await withTestServer { server in
            let desk = try await Desk(server)
            let asset = desk.network.units[0]
            try await desk.sql(
                "update inventory.asset set platform_id = $1, is_mobile = false where id = $2", ["\(desk.network.platform)", "\(asset)"])
            try await fund(desk, asset, #""nature": "public", "sharePercent": 40"#)
            try await book(desk, desk.network.platform, desk.network.companyKey, day: 1, hours: 1)
            let measured = try await use(desk, asset)
            #expect(measured?["measuredOn"]?.text == "\(desk.network.platform)" && measured?["share"] == 1)
            try await book(desk, asset, desk.network.schoolKey, day: 2, hours: 1)
            let own = try await use(desk, asset)
            #expect(own?["measuredOn"]?.text == "\(asset)" && own?["share"] == 0)
        }
    }

    @Test func `it is for those who run the centre and for the network`() async throws {
        try await withTestServer { server in
            let desk = try await Desk(server)
            for (key, status) in [(desk.network.companyKey, 403), (desk.network.managerKey, 200), (desk.network.networkKey, 200)] {
                #expect(try await server.send(.get, "\(desk.centrePath)/economic-use", key: key).status.code == status)
            }
            let odd = try await server.send(.get, "\(desk.centrePath)/economic-use?year=12", key: desk.network.managerKey)
            #expect(odd.status == .badRequest)
        }
    }

    private func fund(_ desk: Desk, _ asset: ResourceID, _ content: String) async throws {
        let made = try await desk.server.send(
            .post, "/v1/equipment/\(asset)/funding-lines", key: desk.network.managerKey,
            json: #"{"body": "Fonds fictif", "from": "2026-01-01", \#(content)}"#)
        #expect(made.status == .created, "\(made.body)")
    }

    private func book(_ desk: Desk, _ resource: ResourceID, _ key: String, day: Int, hours: Int) async throws {
        try await desk.book(
            key, "demonstration",
            [Desk.line(resource, "2027-06-0\(day)T10:00:00+02:00", "2027-06-0\(day)T\(10 + hours):00:00+02:00", seats: 1)])
    }

    private func use(_ desk: Desk, _ asset: ResourceID) async throws -> TestJSON? {
        let answer = try await desk.server.send(.get, "\(desk.centrePath)/economic-use?year=2027", key: desk.network.managerKey)
        #expect(answer.status == .ok, "\(answer.body)")
        return answer["equipment"]?.elements.first { $0["equipmentId"]?.text == "\(asset)" }
    }

    /// Until no transaction of the cluster, such as one of another test's database, holds up what is told.
    private func settle(_ desk: Desk) async throws {
        for _ in 0..<400 {
            if try await desk.sql("select jobs.horizon() > (select max(e.xact) from jobs.event e)") == [["t"]] { return }
            try await Task.sleep(for: .milliseconds(25))
        }
        Issue.record("a transaction has been open for ten seconds")
    }

    private func setClock(_ desk: Desk) async throws {
        try await desk.server.database.owner.execute(
            script: "call plateau.set_clock_offset(timestamptz '2027-05-20 12:00:00Z' - clock_timestamp())")
    }
}
