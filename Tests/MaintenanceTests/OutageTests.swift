import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Outages take room as bookings do")
struct OutageTests {
    @Test
    func `a dry run says which bookings an outage would displace, and writes nothing`() async throws {
        try await withWorkshop { shop in
            let booked = try await shop.book()
            let id = try #require(booked["id"]?.text, "\(booked.body)")
            let said = try await shop.plan(query: "?dryRun=true")
            #expect(said.status == .ok, "\(said.body)")
            #expect(said["displaced"]?.elements.count == 1)
            #expect(said["displaced", 0, "bookingId"]?.text == id)
            #expect(try await shop.booking(id)["state"] == "confirmed")
            #expect(try await shop.count("select count(*)::text from maintenance.outage") == "0")
        }
    }

    @Test
    func `what is held is displaced as what is booked`() async throws {
        try await withWorkshop { shop in
            let id = try #require(try await shop.book()["id"]?.text)
            try await shop.server.database.owner.execute(script: "update bookings.booking set state = 'held', expires_at = starts")
            let said = try await shop.plan(query: "?dryRun=true")
            #expect(said["displaced", 0, "bookingId"]?.text == id, "\(said.body)")
        }
    }

    @Test
    func `an outage displaces bookings to come, takes their room, and gives it back when it is ended`() async throws {
        try await withWorkshop { shop in
            let id = try #require(try await shop.book()["id"]?.text)
            let other = try #require(try await shop.book(day: 5)["id"]?.text)
            let planned = try await shop.plan()
            #expect(planned.status == .created, "\(planned.body)")
            let outage = try #require(planned["id"]?.text)
            let displaced = try await shop.booking(id)
            #expect(displaced["state"] == "suspended")
            #expect(displaced["flags"]?.elements.map(\.text) == ["displaced"])
            #expect(try await shop.booking(other)["state"] == "confirmed")
            let refused = try await shop.book()
            #expect(refused.codes == ["maintenance", "unitTaken"])
            #expect(refused["rules", 0, "text"]?.text?.contains("cannot be used from") == true, "\(refused.body)")

            let ended = try await shop.act("/v1/outages/\(outage)/end", tag: try #require(planned.headers[.eTag]))
            #expect(ended.status == .ok, "\(ended.body)")
            #expect(ended["bookings", 0, "outcome"] == "restored")
            let restored = try await shop.booking(id)
            #expect(restored["state"] == "confirmed")
            #expect(restored["flags"]?.elements.isEmpty == true)
            #expect(try await shop.act("/v1/outages/\(outage)/end").problem == "alreadyOver")
        }
    }

    @Test
    func `whoever has the slot by then keeps it, and the displaced booking stays without room`() async throws {
        try await withWorkshop { shop in
            let id = try #require(try await shop.book(hour: 9)["id"]?.text)
            // Shorter than what it displaces: the rest of the slot is free for others.
            let outage = try #require(try await shop.plan(from: 8, to: 10)["id"]?.text)
            let rival = try await shop.book(hour: 10)
            #expect(rival.status == .created, "\(rival.body)")
            let ended = try await shop.act("/v1/outages/\(outage)/end")
            #expect(ended["bookings", 0, "outcome"] == "noRoom")
            #expect(try await shop.booking(id)["state"] == "suspended")
            #expect(try await shop.booking(try #require(rival["id"]?.text))["state"] == "confirmed")
        }
    }

    @Test
    func `the room of an outage is held by the exclusion constraint itself`() async throws {
        try await withWorkshop { shop in
            _ = try await shop.plan()
            await #expect(throws: PostgresError.self) {
                _ = try await shop.server.database.owner.queryText(
                    """
                    insert into platforms.occupancy (centre_id, resource_id, starts, ends, use_starts, use_ends, seats, is_unit, holder_id,
                        line_number, organisation_id)
                    values (1, $1, $2, $3, $2, $3, 1, true, $1, 1, $1)
                    """, ["\(shop.robot)", Workshop.at(9), Workshop.at(10)])
            }
        }
    }

    @Test
    func `an outage that would displace others than expected is refused, and told which`() async throws {
        try await withWorkshop { shop in
            let id = try #require(try await shop.book()["id"]?.text)
            let refused = try await shop.plan(more: #", "displacing": []"#)
            #expect(refused.status == .conflict)
            #expect(refused.problem == "displacedChanged")
            #expect(refused["displacing", 0]?.text == id)
            #expect(try await shop.booking(id)["state"] == "confirmed")
            #expect(try await shop.plan(more: #", "displacing": ["\#(id)"]"#).status == .created)
        }
    }

    @Test
    func `a platform is closed with its parts`() async throws {
        try await withWorkshop { shop in
            let id = try #require(try await shop.book(shop.network.platform, seats: 3)["id"]?.text)
            #expect(try await shop.plan(shop.network.platform).status == .created)
            #expect(try await shop.booking(id)["state"] == "suspended")
            #expect(try await shop.book(shop.network.platform, seats: 1).codes == ["maintenance", "capacityFull"])
            let bay = try await shop.server.send(
                .post, "/v1/centres/\(shop.network.centre)/platforms", key: shop.network.managerKey,
                json: """
                    {"siteId": "\(shop.network.site)", "name": "Bay", "visibility": "shared", "workstations": 2,
                     "parentId": "\(shop.network.platform)"}
                    """)
            let part = try #require(bay["id"]?.text.flatMap { ResourceID($0) })
            #expect(try await shop.book(part, seats: 1).codes.contains("maintenance"))
        }
    }

    @Test
    func `a company does not come back into what was made local since`() async throws {
        try await withWorkshop { shop in
            let id = try #require(try await shop.book()["id"]?.text)
            let outage = try await shop.plan()
            try await shop.server.database.owner.execute(script: "update platforms.resource set is_shared = false")
            #expect(try await shop.act("/v1/outages/\(outage.text("id"))/end").status == .ok)
            #expect(try await shop.booking(id)["state"] == "suspended")
        }
    }

    @Test
    func `the calendar shows an outage as one, and nobody takes it for a booking`() async throws {
        try await withWorkshop { shop in
            _ = try await shop.plan()
            for key in [shop.network.companyKey, shop.network.managerKey] {
                let calendar = try await shop.server.send(.get, "/v1/resources/\(shop.robot)/calendar?from=2027-05-04&days=1", key: key)
                #expect(calendar["entries", 0, "isOutage"] == true, "\(calendar.body)")
                #expect(calendar["entries", 0, "bookingId"] == nil)
            }
            // No use: reports count none.
            #expect(try await shop.count("select count(*)::text from platforms.occupancy where use_starts < use_ends") == "0")
        }
    }

    @Test
    func `one that is over, or of a time that has passed, is refused with the field at fault`() async throws {
        try await withWorkshop { shop in
            let refused = try await shop.server.send(
                .post, "/v1/resources/\(shop.robot)/outages", key: shop.network.managerKey,
                json: #"{"cause": "closure", "start": "2020-01-01T08:00:00Z", "end": "2020-01-02T08:00:00Z", "reason": "x"}"#)
            #expect(refused.status == .badRequest)
            #expect(refused["issues", 0, "name"] == "/end")
            #expect(try await shop.plan(key: shop.network.companyKey).status == .forbidden)
        }
    }
}
