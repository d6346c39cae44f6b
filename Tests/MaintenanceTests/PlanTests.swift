import Access
import Composition
import HTTPTypes
import Kernel
import Maintenance
import Postgres
import TestSupport
import Testing

@Suite("Maintenance plans and calibrations")
struct PlanTests {
    @Test
    func `a plan is due by its months, and counts anew once it was done`() async throws {
        try await withWorkshop { shop in
            let added = try await add(shop, #""everyMonths": 6, "lastDoneOn": "2026-01-31""#)
            #expect(added.status == .created, "\(added.body)")
            #expect(added["dueOn"] == "2026-07-31")
            #expect(added["isDue"] == true)
            let plan = try #require(added["id"]?.text)
            let done = try await shop.act(
                "/v1/maintenance-plans/\(plan)/completions", #"{"doneOn": "2026-11-01"}"#, tag: try #require(added.headers[.eTag]))
            #expect(done.status == .created, "\(done.body)")
            #expect(done["dueOn"] == "2027-05-01")
            #expect(done["isDue"] == false)
            #expect(try await due(shop, by: "2027-04-30") == 0)
            #expect(try await due(shop, by: "2027-05-01") == 1)
            _ = try await shop.act("/v1/maintenance-plans/\(plan)/end")
            #expect(try await due(shop, by: "2027-05-01") == 0)
        }
    }

    @Test
    func `what has to be calibrated is not booked beyond its day, until it is done`() async throws {
        try await withWorkshop { shop in
            let loose = try await add(shop, #""everyUseHours": 5, "requiredForUse": true, "lastDoneOn": "2026-10-31""#)
            #expect(loose.status == .badRequest && loose["issues", 0, "name"] == "/requiredForUse", "\(loose.body)")
            let added = try await add(shop, #""everyMonths": 6, "requiredForUse": true, "lastDoneOn": "2026-11-04""#)
            #expect(added["dueOn"] == "2027-05-04" && added["requiredForUse"] == true, "\(added.body)")
            #expect(try await shop.book(day: 4).status == .created, "the day itself")
            let refused = try await shop.book(day: 5)
            #expect(refused.codes == ["maintenanceOverdue"], "\(refused.body)")
            #expect(refused["rules", 0, "facts", "validUntil"] == "2027-05-04", "\(refused.body)")
            #expect(try await shop.book(shop.twin, day: 5).status == .created)
            let done = try await shop.act(
                "/v1/maintenance-plans/\(added["id"]?.text ?? "")/completions", #"{"doneOn": "2026-11-06"}"#,
                tag: try #require(added.headers[.eTag]))
            #expect(done["dueOn"] == "2027-05-06", "\(done.body)")
            #expect(try await shop.book(day: 5).status == .created)
        }
    }

    @Test
    func `somebody is told once before a plan is due, and again of its next day`() async throws {
        try await withWorkshop { shop in
            let today = try #require(try await shop.count("select plateau.local_day(plateau.clock(), 'UTC')::text"))
            let added = try await add(shop, #""everyMonths": 1, "lastDoneOn": "\#(today)""#)
            let far = try await add(shop, #""everyMonths": 3, "lastDoneOn": "\#(today)""#)
            func told() async throws -> String? {
                _ = try await shop.server.house.maintenance.warnOfPlans()
                return try await shop.count("select count(*)::text from jobs.event where type = 'maintenancePlan.dueSoon'")
            }
            _ = try await shop.server.database.owner.queryText("update maintenance.plan set last_done_on = last_done_on - 3")
            #expect(try await told() == "1", "\(added.body) \(far.body)")
            #expect(try await told() == "1", "once")
            _ = try await shop.server.database.owner.queryText("update maintenance.plan set last_done_on = last_done_on + 1")
            #expect(try await told() == "2", "of another day")
        }
    }

    @Test
    func `a plan by use is due after so many hours, as booked where nobody checked in, buffers left out`() async throws {
        try await withWorkshop { shop in
            let added = try await add(shop, #""everyUseHours": 5, "lastDoneOn": "2026-10-31""#)
            let plan = try #require(added["id"]?.text, "\(added.body)")
            #expect(added["isDue"] == false)
            for (day, expected) in [("2026-11-02", false), ("2026-11-03", true)] {
                _ = try await shop.server.database.owner.queryText(
                    """
                    insert into platforms.occupancy (centre_id, resource_id, starts, ends, use_starts, use_ends, seats, is_unit, holder_id,
                        line_number, organisation_id)
                    select 1, $1, d + interval '8 hours', d + interval '13 hours', d + interval '9 hours', d + interval '12 hours', 1, true,
                           $2, 1, $2 from (select $3::timestamptz as d) x
                    """, ["\(shop.robot)", "\(IdentifierSource(clock: SystemWallClock()).make(centre: 1) as BookingID)", day])
                let listed = try await shop.server.send(
                    .get, "/v1/centres/\(shop.network.centre)/maintenance-plans?equipmentId=\(shop.robot)", key: shop.network.managerKey)
                #expect(listed["items", 0, "isDue"] == TestJSON.boolean(expected), "\(listed.body)")
            }
            _ = plan
        }
    }

    @Test
    func `hours of use are those from check-in to check-out, once a line, and go on while nobody has checked out`() async throws {
        try await withWorkshop { shop in
            let booking = "\(IdentifierSource(clock: SystemWallClock()).make(centre: 1) as BookingID)"
            func used(to moment: String) async throws -> String? {
                try await shop.server.database.owner.queryText(
                    "select maintenance.use_minutes(1::int2, $1, '2026-11-02T00:00:00Z', $2)", ["\(shop.robot)", moment])[0][0]
            }
            // One line over midnight, a row a day.
            _ = try await shop.server.database.owner.queryText(
                """
                insert into platforms.occupancy (centre_id, resource_id, starts, ends, use_starts, use_ends, seats, is_unit, holder_id,
                    line_number, organisation_id)
                select 1, $1, d.starts::timestamptz, d.ends::timestamptz, d.starts::timestamptz, d.ends::timestamptz, 1, true, $2, 1, $2
                from (values ('2026-11-02T20:00:00Z', '2026-11-02T23:00:00Z'), ('2026-11-02T23:00:00Z', '2026-11-03T04:00:00Z'))
                    as d (starts, ends)
                """, ["\(shop.robot)", booking])
            #expect(try await used(to: "2026-11-04T00:00:00Z") == "480")
            _ = try await shop.server.database.owner.queryText(
                """
                insert into bookings.use (centre_id, booking_id, line_number, checked_in_at, checked_in_by)
                values (1, $1, 1, '2026-11-02T20:10:00Z', $1)
                """, [booking])
            #expect(try await used(to: "2026-11-02T21:10:00Z") == "60")
            _ = try await shop.server.database.owner.queryText(
                """
                update bookings.use set checked_out_at = '2026-11-03T00:10:00Z', checked_out_by = $1, closed_at = '2026-11-03T00:10:00Z'
                where booking_id = $1
                """, [booking])
            #expect(try await used(to: "2026-11-04T00:00:00Z") == "240")
        }
    }

    @Test
    func `a calibration has a certificate, holds until its last day, and maintenance has none`() async throws {
        try await withWorkshop { shop in
            let added = try await add(shop, #""everyMonths": 24, "lastDoneOn": "2026-01-15""#, kind: "calibration")
            let path = "/v1/maintenance-plans/\(try #require(added["id"]?.text, "\(added.body)"))/completions"
            #expect(try await shop.act(path, #"{"doneOn": "2026-11-01"}"#)["issues", 0, "name"] == "/certificate")
            let certificate = #""certificate": "CAL-1", "laboratory": "Labo""#
            let wrong = try await shop.act(path, #"{"doneOn": "2026-11-01", "expiresOn": "2026-10-01", \#(certificate)}"#)
            #expect(wrong["issues", 0, "name"] == "/expiresOn", "\(wrong.body)")
            let done = try await shop.act(path, #"{"doneOn": "2026-11-01", "expiresOn": "2027-11-01", \#(certificate)}"#)
            // Earlier than its months would have it.
            #expect(done["dueOn"] == "2027-11-01", "\(done.body)")
            #expect(done["certificate"] == "CAL-1")
            #expect(try await shop.act(path, #"{"doneOn": "2026-10-01", \#(certificate)}"#)["issues", 0, "code"] == "earlier")
            #expect(try await shop.act(path, #"{"doneOn": "2090-10-01", \#(certificate)}"#)["issues", 0, "code"] == "future")
        }
    }

    @Test
    func `an outage for a plan is shown with it, and only of its own machine`() async throws {
        try await withWorkshop { shop in
            let plan = try #require(try await add(shop, #""everyMonths": 6, "lastDoneOn": "2026-01-31""#)["id"]?.text)
            let foreign = try await shop.plan(shop.twin, more: #", "planId": "\#(plan)""#)
            #expect(foreign["issues", 0, "name"] == "/planId", "\(foreign.body)")
            let planned = try await shop.plan(more: #", "planId": "\#(plan)""#)
            let listed = try await shop.server.send(
                .get, "/v1/centres/\(shop.network.centre)/maintenance-plans", key: shop.network.managerKey)
            #expect(listed["items", 0, "outageId"]?.text == planned["id"]?.text, "\(planned.body)")
            #expect(try await add(shop, #""lastDoneOn": "2026-01-31""#)["issues", 0, "name"] == "/everyMonths")
        }
    }

    private func add(_ shop: Workshop, _ members: String, kind: String = "maintenance") async throws -> TestAnswer {
        try await shop.server.send(
            .post, "/v1/equipment/\(shop.robot)/maintenance-plans", key: shop.network.managerKey,
            json: #"{"kind": "\#(kind)", "name": "Révision", "durationMinutes": 240, \#(members)}"#)
    }

    private func due(_ shop: Workshop, by day: String) async throws -> Int? {
        try await shop.server.send(
            .get, "/v1/centres/\(shop.network.centre)/maintenance-plans?dueBy=\(day)", key: shop.network.managerKey)["items"]?.elements
            .count
    }
}
