import Composition
import HTTPTypes
import Kernel
import TestSupport
import Testing
import Utilisation

@Suite("Totals and what they still lack")
struct TotalsTests {
    @Test(arguments: [UInt64.random(in: 0...UInt64.max)])
    func `whatever happens to bookings, totals are what the rows come to`(seed: UInt64) async throws {
        print("totals, seed \(seed)")
        try await withTestServer { server in
            var random = SplitMix64(seed: seed)
            let desk = try await Desk(server)
            var (booked, made): ([TestAnswer], Int) = ([], 0)
            for step in 0..<40 {
                switch Int.random(in: 0..<8, using: &random) {
                case 0..<4:
                    let answers = [try await Self.book(desk, &random)].filter { $0.status == .created }
                    booked += answers
                    made += answers.count
                case 4 where !booked.isEmpty:
                    try await desk.cancel(booked.remove(at: Int.random(in: 0..<booked.count, using: &random)), desk.network.companyKey)
                case 5: try await Self.changeHours(desk, &random)
                case 6:
                    try await desk.sql(
                        "update platforms.resource set capacity = $2::int4 where id = $1",
                        ["\(desk.network.platform)", "\(Int.random(in: 12...14, using: &random))"])
                default: _ = try await server.house.utilisation.foldTotals(batch: 3)
                }
                guard step % 10 == 9 else { continue }
                try await Self.checkBothWays(desk)
            }
            _ = try await server.house.utilisation.foldTotals()
            #expect(try await desk.differences() == [])
            try await Self.checkBothWays(desk)
            print("totals, \(made) bookings")
            #expect(made >= 5, "little was booked")
        }
    }

    private static func book(_ desk: Desk, _ random: inout SplitMix64) async throws -> TestAnswer {
        func moment(_ hour: Int) -> String {
            let days = ["2027-10-30", "2027-10-31", "2027-11-01", "2027-11-02"]
            return "\(days[hour / 24])T\(hour % 24 < 10 ? "0" : "")\(hour % 24):30:00Z"
        }
        let first = Int.random(in: 0..<46, using: &random)
        let (start, end) = (moment(first), moment(first + Int.random(in: 1...[5, 5, 30][first % 3], using: &random)))
        let seats = [nil, 1, 1, 1, 1, 1, 1, 2, 2, 3].randomElement(using: &random) ?? nil
        // A machine is taken by one at a time.
        let machine = Int.random(in: 0..<5, using: &random) == 0 ? ", \(Desk.line(desk.network.units[0], start, end, seats: 1))" : ""
        return try await desk.server.send(
            .post, "/v1/bookings", key: desk.network.companyKey,
            json: """
                {"activity": "bespokeTraining", "audiences": [{"audience": "worker", "headCount": 3}], "lines": [
                  \(Desk.line(desk.network.platform, start, end, seats: seats))\(machine)]}
                """)
    }

    /// Closes or opens some hours of a day on which there are bookings.
    private static func changeHours(_ desk: Desk, _ random: inout SplitMix64) async throws {
        let from = Int.random(in: 0...10, using: &random)
        try await desk.sql(
            """
            select count(*) from centres.put_open_hours(
                1::int2, $1, daterange('2027-10-31', '2027-11-01'), array['2027-10-31'::date],
                array[plateau.instant_of(timestamp '2027-10-31' + make_interval(hours => $2::int4), $3)],
                array[plateau.instant_of(timestamp '2027-10-31 22:00', $3)])
            """, ["\(desk.network.site)", "\(from)", TestNetwork.zone])
    }

    /// Totals with what they lack, and the rows as known a moment ago, give the same figures.
    private static func checkBothWays(_ desk: Desk) async throws {
        let answer = try await desk.sql(
            """
            select (utilisation.report(1::int2, d.first, d.after, null)
                    = utilisation.report(1::int2, d.first, d.after, clock_timestamp()))::text
            from (values (date '2027-01-01', date '2028-01-01'), ('2027-10-31', '2027-11-01'),
                         ('2027-10-15', '2027-11-03')) as d (first, after)
            """)
        #expect(answer.map { $0[0] } == ["true", "true", "true"])
        // Of the centre and of a resource, over whole months and years and parts of them.
        let hours = try await desk.sql(
            """
            select case when totals.cells is not distinct from rows.cells then 'same'
                        else concat_ws(' ', d.first, d.after, r.id, totals.cells, rows.cells) end
            from (values (date '2027-01-01', date '2028-01-01'), ('2027-10-01', '2027-12-01'), ('2027-10-30', '2027-11-01'),
                         ('2027-10-31', '2028-02-10'), ('2026-12-24', '2027-11-02')) as d (first, after)
            cross join (values (null::uuid), ($1::uuid)) as r (id)
            cross join lateral (
                select jsonb_object_agg(c.slot, c.booked) as cells
                from (select format('%s %s', h.weekday, h.hour) as slot, sum(h.booked) as booked
                      from utilisation.hours_of(1::int2, d.first, d.after, r.id) h group by 1 having sum(h.booked) <> 0) c) totals
            cross join lateral (
                select jsonb_object_agg(c.slot, c.booked) as cells
                from (select format('%s %s', extract(isodow from f.day), h.hour) as slot, sum(h.booked) as booked
                      from utilisation.facts_of(1::int2, array(select b.id from bookings.booking b), null) f
                      cross join lateral unnest(f.hours, f.hour_booked) as h (hour, booked)
                      where f.day >= d.first and f.day < d.after and case when r.id is null then f.is_own else f.resource_id = r.id end
                      group by 1 having sum(h.booked) <> 0) c) rows
            """, ["\(desk.network.platform)"])
        #expect(hours.count == 10 && hours.allSatisfy { $0[0] == "same" }, "\(hours)")
    }

    @Test
    func `case 7: a booking over the 25-hour day takes 25 hours, one hour of the clock twice`() async throws {
        try await withTestServer { server in
            let desk = try await Desk(server)
            try await desk.book(
                desk.network.companyKey, "demonstration",
                [Desk.line(desk.network.platform, "2027-10-31T00:00:00+02:00", "2027-11-01T00:00:00+01:00", seats: 1)])
            let report = try await desk.report("2027-10-31", "2027-10-31")
            let hall = element(report["resources"], "resourceId", "\(desk.network.platform)")
            #expect(hall?["bookedMinutes"] == 1_500)
            #expect(hall?["openMinutes"] == .number(Double(1_500 * TestNetwork.capacity)))
            let heat = try await server.send(
                .get, "\(desk.centrePath)/utilisation-heat-map?from=2027-10-31&to=2027-10-31&resourceId=\(desk.network.platform)",
                key: desk.network.managerKey)
            #expect(cell(heat, hour: 2)?["bookedMinutes"] == 120)
            #expect(cell(heat, hour: 3)?["bookedMinutes"] == 60)
        }
    }

    private func cell(_ heat: TestAnswer, hour: Int) -> TestJSON? {
        heat["heatMap", "cells"]?.elements.first { $0["hour"] == .number(Double(hour)) }
    }

    @Test
    func `a corrupt total or fact is found, named, and left as it is`() async throws {
        try await withTestServer { server in
            let desk = try await Desk(server)
            try await desk.book(
                desk.network.companyKey, "demonstration",
                [Desk.line(desk.network.platform, "2027-06-01T10:00:00+02:00", "2027-06-01T12:00:00+02:00", seats: 2)],
                audiences: #"[{"audience": "worker", "headCount": 2}]"#)
            _ = try await server.house.utilisation.foldTotals()
            #expect(try await desk.differences() == [])
            let corruptions = [
                (
                    "update utilisation.total set booked = booked + 60 where grain = 'month' and is_own", "utilisation.total",
                    "month 2027-06-01"
                ),
                ("update utilisation.people_total set attended = 0 where grain = 'year'", "utilisation.people_total", "year 2027-01-01"),
                ("update utilisation.week_total set booked[36] = 1 where grain = 'month'", "utilisation.week_total", "weekday 2, hour 11"),
                ("update utilisation.fact set outside = 5", "utilisation.fact", "day 2027-06-01"),
            ]
            for (command, table, row) in corruptions {
                try await desk.sql("begin")
                try await desk.sql(command)
                let found = try await desk.sql("select d.place, d.row_key, d.held from utilisation.differences(1::int2, 10) d")
                #expect(found.contains { $0[0] == table && $0[1]?.contains(row) == true }, "\(table): \(found)")
                #expect(try await desk.sql("select count(*) from utilisation.differences(1::int2, 10)")[0][0] == "\(found.count)")
                try await desk.sql("rollback")
            }
            #expect(try await desk.differences() == [])
        }
    }

    @Test
    func `what stands in a platform counts in it and enters totals once`() async throws {
        try await withTestServer { server in
            let desk = try await Desk(server)
            let bay = "01a1e1a7-4c00-7000-8400-0000000000b1"
            try await desk.sql(
                """
                select platforms.create_platform(
                    1::int2, $1, 'Travée fictive', null, $2, true, 4, 0, 0, 15, 3000, 15, 0, 1000, $3, null, '{metal}')
                """, [bay, "\(desk.network.site)", "\(desk.network.platform)"])
            try await desk.book(
                desk.network.companyKey, "bespokeTraining",
                [
                    """
                    {"resourceId": "\(bay)", "exclusive": true,
                     "start": "2027-06-01T10:00:00+02:00", "end": "2027-06-01T12:00:00+02:00"}
                    """
                ], audiences: #"[{"audience": "worker", "headCount": 2}]"#)
            let report = try await desk.report("2027-06-01", "2027-06-01")
            #expect(element(report["resources"], "resourceId", bay)?["bookedMinutes"] == 480)
            #expect(element(report["resources"], "resourceId", "\(desk.network.platform)")?["bookedMinutes"] == 480)
            #expect(report["totals", "platforms", "bookedMinutes"] == 480)
            #expect(report["totals", "platforms", "openMinutes"] == .number(Double(1_440 * TestNetwork.capacity)))
            #expect(element(report["trainees", "bySector"], "sector", "metal")?["traineeHours"] == 4)
        }
    }

    @Test
    func `a change of anything that figures rest on is counted: a booking, a line, a use, heads, hours, a capacity`() async throws {
        try await withTestServer { server in
            let desk = try await Desk(server)
            let booked = try await desk.book(
                desk.network.companyKey, "demonstration",
                [Desk.line(desk.network.platform, "2027-06-01T10:00:00+02:00", "2027-06-01T12:00:00+02:00")])
            let id = booked["id"]?.text
            func hall(_ what: String, _ name: String, _ minutes: Int) async throws {
                let report = try await desk.report("2027-06-01", "2027-06-01")
                let found = element(report["resources"], "resourceId", "\(desk.network.platform)")?[name]
                #expect(found == .number(Double(minutes)), "\(what)")
                _ = try await server.house.utilisation.foldTotals()
                #expect(try await desk.differences() == [], "\(what)")
            }
            try await hall("a booking", "bookedMinutes", 1_440)
            // Use of the whole takes as many workstations as there are by then.
            try await desk.sql("update platforms.resource set capacity = 20 where id = $1", ["\(desk.network.platform)"])
            try await hall("a capacity", "bookedMinutes", 2_400)
            try await desk.sql("update bookings.line set seats = 5, is_exclusive = false where booking_id = $1", [id])
            try await hall("a line", "bookedMinutes", 600)
            try await desk.sql(
                """
                insert into bookings.use (
                    centre_id, booking_id, line_number, checked_in_at, checked_in_by, checked_out_at, checked_out_by, closed_at)
                values (1, $1, 1, '2027-06-01T08:10:00Z', $1, '2027-06-01T09:10:00Z', $1, '2027-06-01T09:10:00Z')
                """, [id])
            try await hall("a use", "usedMinutes", 300)
            try await desk.sql("insert into bookings.attendance values (1, $1, '{worker}', '{3}', 0, '2027-06-01T09:10:00Z', $1)", [id])
            try await hall("who came", "attendedParticipations", 3)
            try await desk.open("{}", from: "{}", to: "{}")
            try await hall("closing hours", "bookedMinutes", 0)
            try await desk.open("{2027-06-01}", from: "{2027-06-01T09:00:00Z}", to: "{2027-06-01T18:00:00Z}")
            try await hall("opening hours", "bookedMinutes", 300)
            let before = try await desk.report("2027-06-01", "2027-06-01", "&knownAt=2026-01-01T00:00:00Z")
            #expect(before["resources"]?.elements == [], "nothing was known then")
        }
    }

    @Test
    func `one worker folds a centre at a time`() async throws {
        try await withTestServer { server in
            let desk = try await Desk(server)
            try await desk.book(
                desk.network.companyKey, "demonstration",
                [Desk.line(desk.network.platform, "2027-06-01T10:00:00+02:00", "2027-06-01T12:00:00+02:00")])
            try await desk.sql("select pg_advisory_lock(46, 1)")
            #expect(try await server.house.utilisation.foldTotals() == 0)
            try await desk.sql("select pg_advisory_unlock(46, 1)")
            #expect(try await server.house.utilisation.foldTotals() > 0)
        }
    }

    @Test
    func `a machine out of service is not bookable, and its availability says so, as it was known`() async throws {
        try await withTestServer { server in
            let desk = try await Desk(server)
            let (unit, day) = (desk.network.units[0], "2027-06-01")
            // Open day and night: a quarter of the day of one machine, two hours of the hall.
            for (resource, from, to) in [(unit, "06:00", "12:00"), (desk.network.platform, "20:00", "22:00")] {
                let planned = try await server.send(
                    .post, "/v1/resources/\(resource)/outages", key: desk.network.managerKey,
                    json: """
                        {"cause": "maintenance", "start": "\(day)T\(from):00+02:00", "end": "\(day)T\(to):00+02:00", "reason": "r"}
                        """)
                #expect(planned.status == .created, "\(planned.body)")
            }
            let report = try await desk.report(day, day)
            let machine = element(report["resources"], "resourceId", "\(unit)")
            #expect(machine?["openMinutes"] == 1_440 && machine?["maintenanceMinutes"] == 360)
            #expect(machine?["bookableMinutes"] == 1_080 && machine?["availability"] == .number(0.75), "\(report.body)")
            let hall = element(report["resources"], "resourceId", "\(desk.network.platform)")
            #expect(hall?["maintenanceMinutes"] == 1_440, "twelve workstations for two hours")
            #expect(report["totals", "equipment", "maintenanceMinutes"] == 360)
            #expect(report["totals", "platforms", "bookableMinutes"] == 15_840)
            #expect(report["months", 0, "bookableMinutes"] == .number(Double(15_840 + 2_880 - 360)))
            // Moments are told in whole seconds.
            try await Task.sleep(for: .milliseconds(1_100))
            let known = try await desk.sql("select plateau.rfc3339(plateau.clock())")[0][0] ?? ""
            try await desk.sql("update maintenance.outage set during = tstzrange(lower(during), lower(during) + interval '1 hour')")
            let shorter = try await desk.report(day, day)
            #expect(element(shorter["resources"], "resourceId", "\(unit)")?["maintenanceMinutes"] == 60)
            let before = try await desk.report(day, day, "&knownAt=\(known)")
            #expect(element(before["resources"], "resourceId", "\(unit)")?["maintenanceMinutes"] == 360, "\(before.body)")
        }
    }

    @Test
    func `demand is recorded once, with the most that was asked for`() async throws {
        try await withTestServer { server in
            let desk = try await Desk(server)
            let hour = ("2027-06-01T10:00:00+02:00", "2027-06-01T11:00:00+02:00")
            try await desk.book(desk.network.schoolKey, "demonstration", [Desk.line(desk.network.platform, hour.0, hour.1)])
            for (seats, isDryRun) in [(3, false), (5, false), (4, false), (9, true)] {
                try await desk.book(
                    desk.network.companyKey, "demonstration", [Desk.line(desk.network.platform, hour.0, hour.1, seats: seats)],
                    dryRun: isDryRun, expecting: .conflict)
            }
            #expect(try await desk.report("2027-06-01", "2027-06-01")["turnedAway", "minutes"] == 300)
        }
    }
}
