import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("A platform closes for good")
struct RetirementTests {
    /// A hall with a bay in which a bench has a name.
    private struct Hall {
        let shop: Workshop
        let hall: ResourceID
        let bay: ResourceID
        let bench: ResourceID

        func close(_ platform: ResourceID? = nil, from day: Int = 6, query: String = "", more: String = "", key: String? = nil) async throws
            -> TestAnswer
        {
            try await shop.server.send(
                .post, "/v1/platforms/\(platform ?? hall)/retirement\(query)", key: key ?? shop.network.managerKey,
                json: #"{"from": "2027-05-0\#(day)", "reason": "Bâtiment vendu"\#(more)}"#)
        }

        func book(_ resource: ResourceID, day: Int, hour: Int = 9) async throws -> TestAnswer {
            try await shop.book(resource, hour: hour, day: day, seats: 1)
        }

        func platform(_ id: ResourceID) async throws -> TestAnswer {
            try await shop.server.send(.get, "/v1/platforms/\(id)", key: shop.network.managerKey)
        }
    }

    private static func withHall(_ body: @escaping @Sendable (Hall) async throws -> Void) async throws {
        try await withWorkshop { shop in
            func platform(_ name: String, in parent: ResourceID? = nil) async throws -> ResourceID {
                let more = parent.map { #", "parentId": "\#($0)""# } ?? ""
                let made = try await shop.server.send(
                    .post, "/v1/centres/\(shop.network.centre)/platforms", key: shop.network.managerKey,
                    json: """
                        {"siteId": "\(shop.network.site)", "name": "\(name)", "visibility": "shared", "workstations": 4,
                         "rules": {"horizonDays": 1000}\(more)}
                        """)
                return try #require(made["id"]?.text.flatMap { ResourceID($0) }, "\(made.body)")
            }
            let hall = try await platform("Hall")
            let bay = try await platform("Bay", in: hall)
            let bench = try await shop.server.send(
                .post, "/v1/platforms/\(bay)/workstations", key: shop.network.managerKey, json: #"{"name": "Bench", "model": "CNC 5"}"#)
            _ = try await shop.server.database.owner.queryText(
                "call plateau.set_clock_offset('2027-05-04 07:00:00Z'::timestamptz - clock_timestamp())")
            try await body(
                Hall(shop: shop, hall: hall, bay: bay, bench: try #require(bench["id"]?.text.flatMap { ResourceID($0) }, "\(bench.body)")))
        }
    }

    @Test func `who is displaced is shown before it is saved, and only they lose their place`() async throws {
        try await Self.withHall { hall in
            let before = try await hall.book(hall.hall, day: 5)
            let beyond = try await hall.book(hall.hall, day: 7)
            let named = try await hall.book(hall.bench, day: 7)
            let asked = try await hall.close(query: "?dryRun=true")
            #expect(asked.status == .ok, "\(asked.body)")
            let ids = asked["displaced"]?.elements.compactMap { $0["bookingId"]?.text } ?? []
            #expect(Set(ids) == [beyond["id"]?.text, named["id"]?.text].compactMap(\.self).reduce(into: Set()) { $0.insert($1) })
            #expect(try await hall.platform(hall.hall)["retiredAt"] == nil, "a dry run writes nothing")

            let stale = try await hall.close(more: #", "displacing": ["\#(ids[0])"]"#)
            #expect(stale.problem == "displacedChanged", "\(stale.body)")
            let list = ids.map { "\"\($0)\"" }.joined(separator: ", ")
            let closed = try await hall.close(more: #", "displacing": [\#(list)]"#)
            #expect(closed.status == .created && closed["retiredAt"]?.text == "2027-05-05T22:00:00Z", "\(closed.body)")
            #expect(closed["displaced"]?.elements.count == 2 && closed["parts"] == 3, "a bay, a group and a bench: \(closed.body)")
            #expect(try await hall.shop.booking(before["id"]?.text ?? "")["state"] == "confirmed")
            for booking in [beyond, named] {
                let now = try await hall.shop.booking(booking["id"]?.text ?? "")
                #expect(now["state"] == "suspended" && now["flags", 0] == "displaced", "\(now.body)")
            }
            #expect(try await hall.close().problem == "resourceRetired", "it closes once")
            let told = try await hall.shop.count("select payload ->> 'retiredAt' from jobs.event where type = 'platform.retired'")
            #expect(told == "2027-05-05T22:00:00Z")
        }
    }

    @Test func `beyond its day nobody books it nor what stands in it; until then everybody does`() async throws {
        try await Self.withHall { hall in
            #expect(try await hall.close().status == .created)
            for resource in [hall.hall, hall.bay, hall.bench] {
                let refused = try await hall.book(resource, day: 6)
                #expect(refused.codes.contains("resourceRetired"), "\(resource): \(refused.body)")
                #expect(try await hall.book(resource, day: 5).status == .created, "\(resource)")
            }
            let read = try await hall.shop.server.send(.get, "/v1/platforms/\(hall.hall)/retirement", key: hall.shop.network.managerKey)
            #expect(read["from"] == "2027-05-06" && read["reason"] == "Bâtiment vendu", "\(read.body)")
            let fault = try await hall.shop.report(hall.bench, severity: "minor")
            #expect(fault.status == .created, "until its day it breaks as anything does: \(fault.body)")
        }
    }

    @Test func `a displaced booking does not come back when an outage ends that was in its way too`() async throws {
        try await Self.withHall { hall in
            let booked = try await hall.book(hall.hall, day: 7)
            let outage = try await hall.shop.plan(hall.hall, day: 7)
            #expect(outage["displaced"]?.elements.count == 1, "\(outage.body)")
            #expect(try await hall.close().status == .created)
            let ended = try await hall.shop.act("/v1/outages/\(outage["id"]?.text ?? "")/end")
            #expect(ended.status == .ok, "\(ended.body)")
            #expect(try await hall.shop.booking(booked["id"]?.text ?? "")["state"] == "suspended")
        }
    }

    @Test func `who has a place is never surprised: whichever commits second sees the first`() async throws {
        try await Self.withHall { hall in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for seat in 0..<4 { group.addTask { _ = try await hall.book(hall.hall, day: 7, hour: 9 + seat) } }
                group.addTask { _ = try await hall.close() }
                try await group.waitForAll()
            }
            let left = try await hall.shop.count(
                """
                select count(*)::text
                from platforms.occupancy o join platforms.resource r on r.centre_id = o.centre_id and r.id = o.resource_id
                where o.use_ends > r.retired_at
                """)
            #expect(left == "0", "nobody holds room beyond the day")
        }
    }

    @Test func `it closes from today on at once, not in the past, and by a manager of its centre`() async throws {
        try await Self.withHall { hall in
            #expect(try await hall.close(from: 3)["issues", 0, "code"] == "past")
            let far = try await hall.shop.server.send(
                .post, "/v1/platforms/\(hall.hall)/retirement", key: hall.shop.network.managerKey,
                json: #"{"from": "2047-05-04", "reason": "R"}"#)
            #expect(far["issues", 0, "code"] == "withinTenYears", "\(far.body)")
            #expect(try await hall.close(key: hall.shop.network.companyKey).status == .forbidden)
            let today = try await hall.close(from: 4)
            #expect(today.status == .created, "\(today.body)")
            #expect(try await hall.book(hall.bay, day: 4, hour: 12).codes.contains("resourceRetired"))
            #expect(try await hall.shop.report(hall.bench).problem == "resourceRetired")
            let unknown = try await hall.close(hall.shop.network.units[0])
            #expect(unknown.status == .notFound, "a machine is retired by its state")
        }
    }

    @Test func `what was before stays in the figures, and what would have been open after does not`() async throws {
        try await Self.withHall { hall in
            #expect(try await hall.book(hall.hall, day: 5).status == .created)
            #expect(try await hall.close().status == .created)
            let path = "/v1/centres/\(hall.shop.network.centre)/utilisation?from=2027-05-05&to=2027-05-08"
            let report = try await hall.shop.server.send(.get, path, key: hall.shop.network.managerKey)
            let row = report["resources"]?.elements.first { $0["resourceId"]?.text == "\(hall.hall)" }
            #expect(row?["bookedMinutes"] == 120, "\(report.body)")
            let one = try await hall.shop.server.send(
                .get, "/v1/centres/\(hall.shop.network.centre)/utilisation?from=2027-05-05&to=2027-05-05", key: hall.shop.network.managerKey
            )
            let single = one["resources"]?.elements.first { $0["resourceId"]?.text == "\(hall.hall)" }
            #expect(row?["openMinutes"] == single?["openMinutes"] && row?["openMinutes"] != nil, "one day's hours: \(report.body)")
            let heat = try await hall.shop.count(
                "select coalesce(sum(open), 0)::text from utilisation.heat_of(1::int2, '2027-05-05', '2027-05-09', $1::uuid)",
                ["\(hall.hall)"])
            let day = try await hall.shop.count(
                "select coalesce(sum(open), 0)::text from utilisation.heat_of(1::int2, '2027-05-05', '2027-05-06', $1::uuid)",
                ["\(hall.hall)"])
            #expect(heat == day && heat != "0")
        }
    }
}
