import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Faults and outages of parts")
struct PartOutageTests {
    /// A hall of eight with a bay of four, of which two are identified benches of one model.
    private struct Hall {
        let shop: Workshop
        let hall: ResourceID
        let bay: ResourceID
        let benches: [ResourceID]
        let group: ResourceID

        func book(_ resource: ResourceID, seats: Int? = nil, hour: Int = 9) async throws -> String {
            let made = try await shop.book(resource, hour: hour, seats: seats)
            #expect(made.status == .created, "\(made.body)")
            return made["id"]?.text ?? ""
        }

        func states(_ bookings: String...) async throws -> [String] {
            var states: [String] = []
            for id in bookings { states.append(try await shop.booking(id)["state"]?.text ?? "") }
            return states
        }

        /// The most that is taken of a resource at an instant of the day.
        func most(_ resource: ResourceID) async throws -> String? {
            try await shop.server.database.owner.queryText(
                "select platforms.most_taken(1::int2, $1::uuid, '2027-05-04 00:00+00', '2027-05-05 00:00+00')::text", ["\(resource)"]
            ).first?.first ?? nil
        }
    }

    private static func withHall(_ body: @escaping @Sendable (Hall) async throws -> Void) async throws {
        try await withWorkshop { shop in
            func platform(_ name: String, _ workstations: Int, in parent: ResourceID? = nil) async throws -> ResourceID {
                let more = parent.map { #", "parentId": "\#($0)""# } ?? ""
                let made = try await shop.server.send(
                    .post, "/v1/centres/\(shop.network.centre)/platforms", key: shop.network.managerKey,
                    json: """
                        {"siteId": "\(shop.network.site)", "name": "\(name)", "visibility": "shared", "workstations": \(workstations),
                         "rules": {"horizonDays": 1000}\(more)}
                        """)
                return try #require(made["id"]?.text.flatMap { ResourceID($0) }, "\(made.body)")
            }
            let hall = try await platform("Hall", 8)
            let bay = try await platform("Bay", 4, in: hall)
            var benches: [ResourceID] = []
            var group: ResourceID?
            for number in 1...2 {
                let added = try await shop.server.send(
                    .post, "/v1/platforms/\(bay)/workstations", key: shop.network.managerKey,
                    json: #"{"name": "Bench \#(number)", "model": "CNC 5"}"#)
                benches.append(try #require(added["id"]?.text.flatMap { ResourceID($0) }, "\(added.body)"))
                group = added["groupId"]?.text.flatMap { ResourceID($0) }
            }
            try await body(Hall(shop: shop, hall: hall, bay: bay, benches: benches, group: try #require(group)))
        }
    }

    @Test func `a bench that breaks displaces who has it, and takes a place of all that it stands in`() async throws {
        try await Self.withHall { hall in
            let named = try await hall.book(hall.benches[0], seats: 1)
            let other = try await hall.book(hall.benches[1], seats: 1)
            let beside = try await hall.book(hall.hall, seats: 6)
            let asked = try await hall.shop.plan(hall.benches[0], query: "?dryRun=true")
            #expect(asked["displaced"]?.elements.map { $0["bookingId"]?.text } == [named], "\(asked.body)")
            let planned = try await hall.shop.plan(hall.benches[0])
            #expect(planned.status == .created, "\(planned.body)")
            #expect(try await hall.states(named, other, beside) == ["suspended", "confirmed", "confirmed"])
            #expect(try await hall.shop.book(hall.benches[0], hour: 14, seats: 1).codes == ["maintenance", "unitTaken"])
            #expect(try await hall.shop.book(hall.group, hour: 14, seats: 2).codes == ["capacityFull"], "one of the two is left")
            #expect(try await hall.shop.book(hall.bay, hour: 14, seats: 4).codes == ["capacityFull"])
            #expect(try await hall.shop.book(hall.hall, hour: 14).codes == ["capacityFull"], "nobody has it wholly")
            _ = try await hall.book(hall.hall, seats: 7, hour: 14)
            #expect(try await hall.most(hall.hall) == "8")
            let ended = try await hall.shop.act("/v1/outages/\(planned["id"]?.text ?? "")/end")
            #expect(ended["bookings", 0, "outcome"] == "restored", "\(ended.body)")
            #expect(try await hall.states(named) == ["confirmed"])
            #expect(try await hall.shop.book(hall.bay, hour: 16, seats: 4).status == .created)
        }
    }

    @Test func `where too little is left those go who booked last, and whoever has it all`() async throws {
        try await Self.withHall { hall in
            let first = try await hall.book(hall.bay, seats: 2)
            let second = try await hall.book(hall.bay, seats: 1)
            let third = try await hall.book(hall.bay, seats: 1)
            let whole = try await hall.book(hall.hall, hour: 14)
            let small = try await hall.book(hall.hall, seats: 3)
            let planned = try await hall.shop.plan(hall.group)
            #expect(planned.status == .created, "\(planned.body)")
            #expect(planned["displaced"]?.elements.count == 3, "\(planned.body)")
            #expect(
                try await hall.states(first, second, third, whole, small) == [
                    "confirmed", "suspended", "suspended", "suspended", "confirmed",
                ])
            #expect(try await hall.most(hall.bay) == "4")
            #expect(try await hall.most(hall.hall) == "7")
            let ended = try await hall.shop.act("/v1/outages/\(planned["id"]?.text ?? "")/end")
            #expect(ended["bookings"]?.elements.allSatisfy { $0["outcome"] == "restored" } == true, "\(ended.body)")
            #expect(try await hall.states(second, third, whole) == ["confirmed", "confirmed", "confirmed"])
        }
    }

    @Test func `who has no room for two reasons comes back when both are gone`() async throws {
        try await Self.withHall { hall in
            let whole = try await hall.book(hall.hall)
            let first = try await hall.shop.plan(hall.benches[0])
            let second = try await hall.shop.plan(hall.benches[1])
            #expect(first["displaced"]?.elements.count == 1 && second["displaced"]?.elements.isEmpty == true, "\(second.body)")
            let ended = try await hall.shop.act("/v1/outages/\(first["id"]?.text ?? "")/end")
            #expect(ended["bookings", 0, "outcome"] == "noRoom", "\(ended.body)")
            #expect(try await hall.states(whole) == ["suspended"])
            _ = try await hall.shop.act("/v1/outages/\(second["id"]?.text ?? "")/end")
            #expect(try await hall.states(whole) == ["confirmed"])
        }
    }

    @Test func `use under way stays, and what is taken is never more than there is`() async throws {
        try await Self.withHall { hall in
            let full = try await hall.shop.server.database.owner.queryText(
                """
                select platforms.occupy(
                    r, 'Europe/Brussels', '[2027-05-04 09:00+00, 2027-05-04 11:00+00)', 7, $2::uuid, 1::int2, $3::uuid)::text
                from platforms.resource r where r.id = $1::uuid
                """,
                ["\(hall.hall)", "01990000-0000-7000-8400-0000000000aa", "\(hall.shop.network.company)"])
            #expect(full.count == 1)
            let planned = try await hall.shop.plan(hall.group)
            #expect(planned.status == .created, "\(planned.body)")
            #expect(try await hall.most(hall.hall) == "8")
            #expect(try await hall.shop.book(hall.hall, hour: 14, seats: 8).codes == ["capacityFull"])
        }
    }

    @Test func `a hall and its bay are out of service at once, and the hall's end leaves the bay's`() async throws {
        try await Self.withHall { hall in
            let whole = try await hall.shop.plan(hall.hall, from: 10, to: 12)
            let bay = try await hall.shop.plan(hall.bay)
            #expect(bay.status == .created && whole.status == .created, "\(bay.body) \(whole.body)")
            #expect(try await hall.shop.book(hall.hall, hour: 10, seats: 1).codes.contains("maintenance"))
            _ = try await hall.shop.act("/v1/outages/\(whole["id"]?.text ?? "")/end")
            #expect(try await hall.shop.book(hall.hall, hour: 10, seats: 5).codes == ["capacityFull"])
            _ = try await hall.book(hall.hall, seats: 4, hour: 10)
            _ = try await hall.shop.act("/v1/outages/\(bay["id"]?.text ?? "")/end")
            _ = try await hall.book(hall.bay, seats: 4, hour: 10)
            #expect(try await hall.most(hall.hall) == "8")
        }
    }

    @Test func `a bay out of service is missing in the figures of its hall, once`() async throws {
        try await Self.withHall { hall in
            func figures() async throws -> (hall: TestJSON?, heat: TestJSON?) {
                let path = "/v1/centres/\(hall.shop.network.centre)"
                let days = "from=2027-05-04&to=2027-05-04"
                let report = try await hall.shop.server.send(.get, "\(path)/utilisation?\(days)", key: hall.shop.network.managerKey)
                let heat = try await hall.shop.server.send(.get, "\(path)/utilisation-heat-map?\(days)", key: hall.shop.network.managerKey)
                return (
                    report["resources"]?.elements.first { $0["name"] == "Hall" }, heat["heatMap", "cells"]
                )
            }
            let before = try await figures()
            _ = try await hall.shop.plan(hall.bay, from: 8, to: 12)
            _ = try await hall.shop.plan(hall.benches[0], from: 10, to: 14)
            let after = try await figures()
            // Four places from eight to twelve, one from twelve to two.
            #expect(after.hall?["maintenanceMinutes"] == 1_080, "\(String(describing: after.hall))")
            #expect(after.hall?["openMinutes"] == before.hall?["openMinutes"])
            func bookable(_ cells: TestJSON?) -> Double { (cells?.elements ?? []).reduce(0) { $0 + ($1["bookableMinutes"]?.number ?? 0) } }
            #expect(bookable(before.heat) - bookable(after.heat) == 1_080)
        }
    }

    @Test func `items of a stock are counted, not repaired`() async throws {
        try await withWorkshop { shop in
            let stock = try await shop.server.send(
                .post, "/v1/centres/\(shop.network.centre)/stocks", key: shop.network.managerKey,
                json: #"{"name": "Casques", "siteId": "\#(shop.network.site)", "visibility": "shared", "amount": 40}"#)
            let id = try #require(stock["id"]?.text.flatMap { ResourceID($0) }, "\(stock.body)")
            #expect(try await shop.plan(id).problem == "countedItems")
        }
    }
}
