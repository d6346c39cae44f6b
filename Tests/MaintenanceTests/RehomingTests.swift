import Access
import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Displaced bookings find another place")
struct RehomingTests {
    @Test
    func `a twin is proposed first, and moving there keeps the booking`() async throws {
        try await withWorkshop { shop in
            let id = try #require(try await shop.book()["id"]?.text)
            let path = "/v1/bookings/\(id)/other-places"
            let before = try await shop.server.send(.get, "\(path)?without=\(shop.robot)", key: shop.network.companyKey)
            #expect(before["items", 0, "resourceId"]?.text == "\(shop.twin)", "\(before.body)")
            #expect(before["items", 0, "reason"] == "sameModelSameCentre")
            // It has room: nothing is proposed to it of itself.
            #expect(try await shop.server.send(.get, path, key: shop.network.companyKey)["items"]?.elements.isEmpty == true)
            #expect(try await move(shop, id, to: shop.twin).problem == "notDisplaced")

            _ = try await shop.plan()
            #expect(try await shop.server.send(.get, path, key: shop.network.companyKey)["items"]?.elements.count == 1)
            #expect(try await move(shop, id, to: shop.robot).codes == ["maintenance", "unitTaken"])
            let moved = try await move(shop, id, to: shop.twin)
            #expect(moved.status == .ok, "\(moved.body)")
            #expect(moved["state"] == "confirmed")
            #expect(moved["id"]?.text == id)
            #expect(moved["flags"]?.elements.isEmpty == true)
            #expect(moved["lines", 0, "resourceId"]?.text == "\(shop.twin)")
            #expect(try await shop.book(shop.twin).codes == ["unitTaken"])
        }
    }

    @Test
    func `a booking that moves draws on what is agreed of where it is`() async throws {
        try await withWorkshop { shop in
            let quota = try await shop.server.send(
                .post, "/v1/quotas", key: shop.network.networkKey,
                json: """
                    {"organisationId": "\(shop.network.company)", "centreId": "\(shop.network.centre)", "resourceId": "\(shop.robot)",
                     "kind": "limit", "period": "year", "mostMinutes": 6000, "from": "2026-01-01"}
                    """)
            #expect(quota.status == .created, "\(quota.body)")
            let id = try #require(try await shop.book()["id"]?.text)
            let draws = "select count(*)::text from bookings.draw d where d.booking_id = $1::uuid"
            #expect(try await shop.server.database.owner.queryText(draws, [id]) == [["1"]])
            _ = try await shop.plan()
            #expect(try await move(shop, id, to: shop.twin).status == .ok)
            #expect(try await shop.server.database.owner.queryText(draws, [id]) == [["0"]], "the quota is of the other machine")
        }
    }

    @Test
    func `a machine that is taken, faulty or not open to the organisation is not proposed`() async throws {
        try await withWorkshop { shop in
            let id = try #require(try await shop.book()["id"]?.text)
            _ = try await shop.plan()
            _ = try await shop.report(shop.twin)
            let places = try await shop.server.send(.get, "/v1/bookings/\(id)/other-places", key: shop.network.companyKey)
            #expect(places["items"]?.elements.isEmpty == true, "\(places.body)")
            #expect(try await move(shop, id, to: shop.twin).codes == ["maintenance", "notInService", "unitTaken"])
            #expect(try await shop.server.send(.get, "/v1/bookings/\(id)/other-places", key: shop.network.schoolKey).status == .notFound)
        }
    }

    @Test
    func `case 11: a site floods and all its bookings are re-homed to four smaller sites`() async throws {
        try await withWorkshop { shop in
            let hall = try await add(shop, "Hall", workstations: 12, site: "\(shop.network.site)")
            var bookings: [String] = []
            for _ in 1...4 { bookings.append(try #require(try await shop.book(hall, seats: 3)["id"]?.text)) }
            var rooms: Set<String> = []
            for number in 1...4 {
                let site: SiteID = IdentifierSource(clock: SystemWallClock()).make(centre: 1)
                _ = try await shop.server.database.owner.queryText(
                    "select centres.create_site(1::int2, $1, $2, 'fixed', 'Mons', 'Europe/Brussels', null, null)",
                    ["\(site)", "Small site \(number)"])
                _ = try await shop.server.database.owner.queryText(
                    """
                    insert into centres.open_hours (centre_id, calendar_id, day, during)
                    select 1, $1, '2027-05-04', tstzrange('2027-05-03 22:00Z', '2027-05-04 22:00Z')
                    """, ["\(site)"])
                rooms.insert("\(try await add(shop, "Room \(number)", workstations: 3, site: "\(site)"))")
            }
            let flood = try await shop.plan(hall, more: #", "displacing": [\#(bookings.map { "\"\($0)\"" }.joined(separator: ", "))]"#)
            #expect(flood["displaced"]?.elements.count == 4, "\(flood.body)")
            for id in bookings {
                let places = try await shop.server.send(.get, "/v1/bookings/\(id)/other-places", key: shop.network.companyKey)
                let room = try #require(places["items", 0, "resourceId"]?.text.flatMap { ResourceID($0) }, "\(places.body)")
                #expect(try await move(shop, id, to: room).status == .ok)
                #expect(rooms.remove("\(room)") != nil)
            }
            let outage = try #require(flood["id"]?.text)
            let done = try await shop.server.send(.get, "/v1/outages/\(outage)", key: shop.network.managerKey)
            #expect(done["bookings"]?.elements.compactMap { $0["outcome"]?.text } == ["moved", "moved", "moved", "moved"])
        }
    }

    private func move(_ shop: Workshop, _ id: String, to resource: ResourceID) async throws -> TestAnswer {
        try await shop.act(
            "/v1/bookings/\(id)/move", #"{"lines": [{"line": 1, "resourceId": "\#(resource)"}]}"#, key: shop.network.companyKey)
    }

    private func add(_ shop: Workshop, _ name: String, workstations: Int, site: String) async throws -> ResourceID {
        let created = try await shop.server.send(
            .post, "/v1/centres/\(shop.network.centre)/platforms", key: shop.network.managerKey,
            json: """
                {"siteId": "\(site)", "name": "\(name)", "visibility": "shared", "workstations": \(workstations), "skills": ["welding"],
                 "rules": {"horizonDays": 1000}}
                """)
        return try #require(created["id"]?.text.flatMap { ResourceID($0) }, "\(created.body)")
    }
}
