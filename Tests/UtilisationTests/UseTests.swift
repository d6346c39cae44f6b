import Bookings
import Composition
import HTTPTypes
import Kernel
import TestSupport
import Testing
import Utilisation

/// What the desk records on the day, and what figures make of it.
///
/// Times are Brussels summer time, two hours ahead of UTC.
@Suite("Use as it was")
struct UseTests {
    @Test
    func `an incident and who came, told a day later, leave the use as it was`() async throws {
        try await withTestServer { server in
            let desk = try await Desk(server)
            let used = try await Self.book(desk, [Self.hall(desk, "09:00", "12:00", seats: 4)])
            try await Self.pass(desk, used, from: "09:00", to: "10:30")
            try await desk.move(to: "2027-06-02T10:30:00+02:00")
            try await desk.act(used, "use-reports", #"{"incident": "Lampe cassée"}"#, key: desk.network.managerKey)
            try await desk.act(used, "use-reports", Desk.attendance(["worker": 3]))
            let hall = try await Self.figures(desk, desk.network.platform)
            #expect(hall?["usedMinutes"] == 360 && hall?["usedOutsideMinutes"] == 0)
            #expect(hall?["attendedHours"]?.number == 4.5)
            try await Self.checkTotals(desk)
        }
    }

    @Test
    func `use outside opening hours stands apart, on each of the days on which it was`() async throws {
        try await withTestServer { server in
            let desk = try await Desk(server)
            let used = try await Self.book(
                desk, [Desk.line(desk.network.platform, "2027-06-01T21:00:00+02:00", "2027-06-02T02:00:00+02:00", seats: 2)])
            try await Self.open(desk, "2027-06-01", until: "23:00")
            try await desk.move(to: "2027-06-01T21:30:00+02:00")
            try await desk.act(used, "check-in")
            try await desk.move(to: "2027-06-02T02:20:00+02:00")
            try await desk.act(used, "check-out")
            let first = try await Self.figures(desk, desk.network.platform)
            #expect(first?["usedMinutes"] == 180 && first?["usedOutsideMinutes"] == 120)
            let second = try await Self.figures(desk, desk.network.platform, "2027-06-02")
            #expect(second?["usedMinutes"] == 280 && second?["usedOutsideMinutes"] == 0, "the second day is open day and night")
            try await Self.checkTotals(desk)
        }
    }

    @Test
    func `of two days the first ends with its line, though both are checked out on the second; both arrivals were late`() async throws {
        try await withTestServer { server in
            let desk = try await Desk(server)
            let used = try await Self.book(
                desk, [Self.hall(desk, "09:00", "12:00", seats: 2), Self.hall(desk, "09:00", "12:00", seats: 2, day: "2027-06-02")])
            try await desk.move(to: "2027-06-01T09:10:00+02:00")
            try await desk.act(used, "check-in")
            try await desk.move(to: "2027-06-02T09:05:00+02:00")
            try await desk.act(used, "check-in")
            try await desk.move(to: "2027-06-02T12:00:00+02:00")
            let over = try await desk.act(used, "check-out", Desk.attendance(["worker": 2]))
            #expect(over["state"] == "completed" && over["lines", 0, "checkedOutAt"] == "2027-06-01T10:00:00Z", "\(over.body)")
            #expect(try await Self.figures(desk, desk.network.platform)?["usedMinutes"] == 340)
            #expect(try await Self.figures(desk, desk.network.platform, "2027-06-02")?["usedMinutes"] == 350)
            let report = try await desk.report("2027-06-01", "2027-06-02")
            #expect(report["trainees", "attendedHours"]?.number == 11.5, "two workers for 170 and 175 minutes: \(report.body)")
            #expect(report["arrivals", "count"] == 2 && report["arrivals", "late"] == 2)
            #expect(report["arrivals", "meanLateMinutes"]?.number == 7.5)
            #expect(report["cancellations", "checkedIn"] == 1)
            try await Self.checkTotals(desk)
        }
    }

    @Test
    func `a check-out that is forgotten counts to the end of the booking, from when that is known`() async throws {
        try await withTestServer { server in
            let desk = try await Desk(server)
            let used = try await Self.book(desk, [Self.hall(desk, "09:00", "12:00", seats: 2)])
            try await desk.move(to: "2027-06-01T09:00:00+02:00")
            try await desk.act(used, "check-in")
            try await desk.move(to: "2027-06-01T16:00:00+02:00")
            #expect(try await Self.figures(desk, desk.network.platform)?["usedMinutes"] == 0, "nobody knows yet")
            _ = try await server.house.bookings.keepUp()
            #expect(try await Self.figures(desk, desk.network.platform)?["usedMinutes"] == 360)
            try await desk.move(to: "2027-06-03T10:00:00+02:00")
            try await desk.act(used, "use-reports", #"{"incident": "Porte"}"#)
            #expect(try await Self.figures(desk, desk.network.platform)?["usedMinutes"] == 360)
            let before = "&knownAt=2027-06-01T13:00:00Z"
            #expect(try await Self.figures(desk, desk.network.platform, more: before)?["usedMinutes"] == 0)
            let after = "&knownAt=2027-06-01T15:00:00Z"
            #expect(try await Self.figures(desk, desk.network.platform, more: after)?["usedMinutes"] == 360)
            try await Self.checkTotals(desk)
        }
    }

    @Test
    func `lines that are checked in and out apart have each their own time, and whoever comes for both arrives once`() async throws {
        try await withTestServer { server in
            let desk = try await Desk(server)
            let unit = desk.network.units[0]
            let used = try await Self.book(
                desk,
                [
                    Self.hall(desk, "09:00", "12:00", seats: 2),
                    Desk.line(unit, "2027-06-01T09:00:00+02:00", "2027-06-01T12:00:00+02:00", seats: 1),
                ])
            for (time, command, line) in [
                ("09:00", "check-in", 1), ("10:00", "check-in", 2), ("11:00", "check-out", 2), ("12:00", "check-out", 1),
            ] {
                try await desk.move(to: "2027-06-01T\(time):00+02:00")
                try await desk.act(used, command, #"{"lines": [\#(line)]}"#)
            }
            #expect(try await Self.figures(desk, desk.network.platform)?["usedMinutes"] == 360)
            #expect(try await Self.figures(desk, unit)?["usedMinutes"] == 60)
            let report = try await desk.report("2027-06-01", "2027-06-01")
            #expect(report["totals", "equipment", "usedMinutes"] == 60)
            #expect(report["arrivals", "count"] == 1 && report["arrivals", "late"] == 0, "\(report.body)")
            #expect(report["arrivals", "meanLateMinutes"] == nil)
            try await Self.checkTotals(desk)
        }
    }

    @Test
    func `who came stands beside who was expected, as it was told by then`() async throws {
        try await withTestServer { server in
            let desk = try await Desk(server)
            let used = try await Self.book(
                desk, [Self.hall(desk, "09:00", "11:00", seats: 7)],
                audiences: #"[{"audience": "jobSeeker", "headCount": 2}, {"audience": "worker", "headCount": 5}]"#)
            try await Self.pass(desk, used, from: "09:00", to: "11:00", Desk.attendance(["worker": 4, "jobSeeker": 0]))
            Self.check(try await desk.report("2027-06-01", "2027-06-01"), attended: ["worker": 4])
            try await desk.move(to: "2027-06-02T09:00:00+02:00")
            try await desk.act(used, "use-reports", Desk.attendance(["worker": 3, "student": 2]))
            Self.check(try await desk.report("2027-06-01", "2027-06-01"), attended: ["worker": 3, "student": 2])
            let then = try await desk.report("2027-06-01", "2027-06-01", "&knownAt=2027-06-01T18:00:00Z")
            Self.check(then, attended: ["worker": 4])
            let during = try await desk.report("2027-06-01", "2027-06-01", "&knownAt=2027-06-01T08:00:00Z")
            #expect(during["trainees", "attendanceBookings"] == 0 && during["trainees", "participations"] == 7)
            let table = try await server.send(
                .get, "\(desk.centrePath)/utilisation.csv?from=2027-06-01&to=2027-06-01", key: desk.network.managerKey)
            #expect(table.body.contains("heures_stagiaires;heures_stagiaires_presents;participations;participations_presentes\r\n"))
            #expect(table.body.contains(";0;0;14,0;") && table.body.contains(";7;5\r\n"), "\(table.body)")
            try await Self.checkTotals(desk)
            try await Self.checkFormerSeal(desk)
        }
    }

    /// Seven were expected for two hours.
    private static func check(_ report: TestAnswer, attended: [String: Int]) {
        let people = report["trainees"]
        let came = attended.values.reduce(0, +)
        #expect(people?["hours"] == 14 && people?["participations"] == 7 && people?["attendanceBookings"] == 1, "\(report.body)")
        #expect(isAbout(people?["attendedHours"], 2 * came) && people?["attendedParticipations"] == .number(Double(came)))
        for audience in ["jobSeeker", "worker", "student"] {
            let row = element(people?["byAudience"], "audience", audience)
            let heads = attended[audience] ?? 0
            #expect(isAbout(row?["attendedHours"], 2 * heads), "\(audience): \(report.body)")
            #expect(row?["attendedParticipations"]?.number ?? 0 == Double(heads), "\(audience)")
        }
        #expect(element(people?["byAudience"], "audience", "worker")?["traineeHours"] == 10)
    }

    /// Check-ins and check-outs are some moments after the clock was moved.
    private static func isAbout(_ hours: TestJSON?, _ expected: Int) -> Bool {
        abs((hours?.number ?? 0) - Double(expected)) < 0.05
    }

    /// A report that was sealed before attendance stood in it is made again without.
    private static func checkFormerSeal(_ desk: Desk) async throws {
        let key = desk.network.managerKey
        let sealed = try await desk.server.send(
            .post, "\(desk.centrePath)/sealed-reports", key: key,
            json: #"{"from": "2027-06-01", "to": "2027-06-02", "knownAt": "2027-06-01T18:00:00Z"}"#)
        #expect(sealed.status == .created, "\(sealed.body)")
        let former = "01a1e1a7-4c00-7000-8400-0000000000e1"
        try await desk.sql(
            """
            insert into utilisation.sealed_report (
                centre_id, id, first_day, last_day, version, known_at, reason, sealed_at, sealed_by, body, sha256, edition)
            select s.centre_id, $2::uuid, s.first_day, s.last_day, 2, s.known_at, s.reason, s.sealed_at, s.sealed_by, f.body,
                   sha256(convert_to(f.body, 'UTF8')), 1
            from utilisation.sealed_report s
            cross join lateral (select utilisation.canonical(utilisation.in_edition(s.body::jsonb, 1::int2)) as body) f
            where s.id = $1::uuid
            """, [sealed["id"]?.text, former])
        for id in [sealed["id"]?.text ?? "", former] {
            let again = try await desk.server.send(.get, "/v1/sealed-reports/\(id)/reproduction", key: key)
            #expect(again["isSame"] == true, "\(id): \(again.body)")
        }
        let body = try await desk.server.send(.get, "/v1/sealed-reports/\(former)", key: key)
        #expect(body["trainees", "hours"] == 14 && body["trainees", "attendedHours"] == nil && body["arrivals"] == nil, "\(body.body)")
        #expect(body["resources", 0, "traineeHours"] == nil && body["totals", "platforms", "faultMinutes"] == nil)
    }

    @Test
    func `a fault stands apart from what was planned, and takes the time that both have`() async throws {
        try await withTestServer { server in
            let desk = try await Desk(server)
            let (unit, key) = (desk.network.units[0], desk.network.managerKey)
            let planned = try await server.send(
                .post, "/v1/resources/\(unit)/outages", key: key,
                json: """
                    {"cause": "maintenance", "start": "2027-06-01T06:00:00+02:00", "end": "2027-06-01T12:00:00+02:00", "reason": "r"}
                    """)
            #expect(planned.status == .created, "\(planned.body)")
            try await desk.move(to: "2027-06-01T10:00:00+02:00")
            let fault = try await server.send(
                .post, "/v1/resources/\(unit)/faults", key: key,
                json: #"{"severity": "stopsUse", "description": "Axe bloqué", "expectedAt": "2027-06-01T14:00:00+02:00"}"#)
            #expect(fault.status == .created, "\(fault.body)")
            let machine = try await Self.figures(desk, unit)
            #expect(machine?["maintenanceMinutes"] == 480 && machine?["faultMinutes"] == 240)
            #expect(machine?["plannedDowntimeMinutes"] == 240 && machine?["bookableMinutes"] == 960)
            let report = try await desk.report("2027-06-01", "2027-06-01")
            #expect(report["totals", "equipment", "faultMinutes"] == 240, "\(report.body)")
            let network = try await server.send(.get, "/v1/utilisation?from=2027-06-01&to=2027-06-01", key: desk.network.networkKey)
            #expect(network["network", "totals", "faultMinutes"] == 240)
            #expect(network["network", "centres", 0, "plannedDowntimeMinutes"] == 240)
        }
    }

    @Test
    func `what is closed never changes, and a use is closed when it has a time of check-out`() async throws {
        try await withTestServer { server in
            let desk = try await Desk(server)
            let used = try await Self.book(desk, [Self.hall(desk, "09:00", "12:00", seats: 4)])
            try await Self.pass(desk, used, from: "09:00", to: "10:30")
            for command in [
                "update bookings.use set checked_in_at = checked_in_at - interval '1 hour'",
                """
                insert into bookings.use (centre_id, booking_id, line_number, checked_in_at, checked_in_by, checked_out_at)
                select centre_id, booking_id, 2, checked_in_at, checked_in_by, checked_out_at from bookings.use
                """,
            ] {
                await #expect(throws: (any Error).self, "\(command)") { try await desk.sql(command) }
            }
        }
    }

    private static func hall(_ desk: Desk, _ from: String, _ to: String, seats: Int, day: String = "2027-06-01") -> String {
        Desk.line(desk.network.platform, "\(day)T\(from):00+02:00", "\(day)T\(to):00+02:00", seats: seats)
    }

    /// Booked the day before.
    private static func book(
        _ desk: Desk, _ lines: [String], audiences: String = #"[{"audience": "worker", "headCount": 3}]"#
    ) async throws -> TestAnswer {
        try await desk.move(to: "2027-05-31T09:00:00+02:00")
        return try await desk.book(desk.network.companyKey, "bespokeTraining", lines, audiences: audiences)
    }

    /// In and out on 1 June.
    private static func pass(_ desk: Desk, _ booking: TestAnswer, from: String, to: String, _ left: String = "{}") async throws {
        try await desk.move(to: "2027-06-01T\(from):00+02:00")
        try await desk.act(booking, "check-in")
        try await desk.move(to: "2027-06-01T\(to):00+02:00")
        try await desk.act(booking, "check-out", left)
    }

    /// The centre's day ends earlier than at midnight.
    private static func open(_ desk: Desk, _ day: String, until: String) async throws {
        try await desk.sql(
            """
            select count(*) from centres.put_open_hours(
                1::int2, $1, daterange($2::date, $2::date + 1), array[$2::date],
                array[plateau.instant_of($2::timestamp, $4)], array[plateau.instant_of($2::date + $3::time, $4)])
            """, ["\(desk.network.site)", day, until, TestNetwork.zone])
    }

    /// The figures of a resource on a day.
    private static func figures(
        _ desk: Desk, _ resource: ResourceID, _ day: String = "2027-06-01", more: String = ""
    ) async throws -> TestJSON? {
        element(try await desk.report(day, day, more)["resources"], "resourceId", "\(resource)")
    }

    /// Totals are what the rows come to, and a report of them is the report of the rows.
    private static func checkTotals(_ desk: Desk) async throws {
        _ = try await desk.server.house.utilisation.foldTotals()
        #expect(try await desk.differences() == [])
        let same = try await desk.sql(
            """
            select (utilisation.report(1::int2, date '2027-06-01', date '2027-06-03', null)
                    = utilisation.report(1::int2, date '2027-06-01', date '2027-06-03', plateau.clock()))::text
            """)
        #expect(same[0][0] == "true")
    }
}
