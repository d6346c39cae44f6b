import Centres
import Composition
import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite
struct WeeklyOpeningTests {
    @Test
    func `a site is closed until its opening is set, then open on exactly its hours`() async throws {
        try await CentreDesk.with { desk in
            #expect(try await desk.periods(on: "2026-10-06") == [])
            let site = try await desk.open("08:00-18:00", from: CentreDesk.today)
            #expect(site.status == .ok)
            #expect(site["weeklyOpening"]?.elements.count == 7)
            #expect(site["weeklyOpening", 0, "opens"] == "08:00")
            #expect(site["version"] == 2)
            #expect(try await desk.periods(on: "2026-10-06") == ["2026-10-06T06:00:00Z/2026-10-06T16:00:00Z"])
            // 18 months ahead, and on the days when the clocks change.
            #expect(try await desk.periods(on: "2028-04-05") == ["2028-04-05T06:00:00Z/2028-04-05T16:00:00Z"])
            #expect(try await desk.periods(on: "2027-03-28") == ["2027-03-28T06:00:00Z/2027-03-28T16:00:00Z"])
        }
    }

    @Test
    func `a whole day has 25 hours in October and 23 in March`() async throws {
        try await CentreDesk.with { desk in
            let site = try await desk.open("00:00-24:00", from: CentreDesk.today)
            #expect(site["weeklyOpening", 6, "closes"] == "24:00")
            #expect(try await desk.periods(on: "2026-10-25") == ["2026-10-24T22:00:00Z/2026-10-25T23:00:00Z"])
            #expect(try await desk.periods(on: "2027-03-28") == ["2027-03-27T23:00:00Z/2027-03-28T22:00:00Z"])
        }
    }

    @Test
    func `a change keeps the days before it`() async throws {
        try await CentreDesk.with { desk in
            try await desk.open("08:00-18:00", from: "2026-09-01")
            let changed = try await desk.open("10:00-12:00", from: "2026-10-10")
            #expect(changed.status == .ok)
            #expect(try await desk.periods(on: "2026-09-02") == ["2026-09-02T06:00:00Z/2026-09-02T16:00:00Z"])
            #expect(try await desk.periods(on: "2026-10-09") == ["2026-10-09T06:00:00Z/2026-10-09T16:00:00Z"])
            #expect(try await desk.periods(on: "2026-10-10") == ["2026-10-10T08:00:00Z/2026-10-10T10:00:00Z"])
            #expect(changed["weeklyOpening", 0, "to"] == "2026-10-09")
            // Days that have passed are not opened otherwise afterwards.
            let past = try await desk.open("06:00-07:00", from: "2026-10-04")
            #expect(past.status == .badRequest)
            #expect(past["issues", 0, "name"] == "/from")
            #expect(try await desk.periods(on: "2026-09-02") == ["2026-09-02T06:00:00Z/2026-09-02T16:00:00Z"])
        }
    }

    @Test
    func `an empty week closes the site from that day on`() async throws {
        try await CentreDesk.with { desk in
            try await desk.open("08:00-18:00", from: CentreDesk.today)
            #expect(try await desk.setWeek(#"{"from":"2026-10-12","hours":[]}"#).status == .ok)
            #expect(try await desk.periods(on: "2026-10-10").count == 1)
            #expect(try await desk.periods(on: "2026-10-12") == [])
            #expect(try await desk.periods(on: "2027-10-12") == [])
        }
    }

    @Test
    func `a holiday closes the site and says which`() async throws {
        try await CentreDesk.with { desk in
            try await desk.open("08:00-18:00", from: CentreDesk.today)
            let answer = try await desk.get("/v1/sites/\(desk.site)/open-hours?from=2026-11-10&to=2026-11-12")
            #expect(answer["days"]?.elements.map { $0["periods"]?.elements.count } == [1, 0, 1])
            #expect(answer["days", 1, "closedBecause"] == "holiday.armistice")
            #expect(answer["days", 0, "closedBecause"] == nil)
        }
    }

    @Test
    func `the version that was read must still be the current one`() async throws {
        try await CentreDesk.with { desk in
            let tag = try #require(try await desk.get("/v1/sites/\(desk.site)").headers[.eTag])
            #expect(try await desk.open("08:00-18:00", from: CentreDesk.today, version: tag).status == .ok)
            #expect(try await desk.open("09:00-18:00", from: CentreDesk.today, version: tag).status == .preconditionFailed)
            let held = try await desk.server.send(
                .get, "/v1/sites/\(desk.site)", key: desk.key, headers: [.ifNoneMatch: "\"v2\""])
            #expect(held.status == .notModified)
        }
    }

    @Test(arguments: [
        #"{"from":"2026-10-05","hours":[{"weekday":8,"opens":"08:00","closes":"18:00"}]}"#,
        #"{"from":"2026-10-05","hours":[{"weekday":1,"opens":"18:00","closes":"08:00"}]}"#,
        #"{"from":"2026-10-05","hours":[{"weekday":1,"opens":"08:00","closes":"24:01"}]}"#,
        #"{"from":"2026-10-05","hours":[{"weekday":1,"opens":"08:00:30","closes":"18:00"}]}"#,
        #"{"from":"2026-10-05","hours":[{"weekday":1,"opens":"8:00","closes":"18:00"}]}"#,
        #"{"from":"2026-10-05","hours":[{"weekday":1,"opens":"08:00","closes":"12:00"},{"weekday":1,"opens":"11:00","closes":"13:00"}]}"#,
        #"{"from":"2026-10-05"}"#, #"{"hours":[]}"#,
    ])
    func `hours that no week has are refused`(body: String) async throws {
        try await CentreDesk.with { desk in
            let answer = try await desk.setWeek(body)
            #expect(answer.status == .badRequest, "\(answer.body)")
            #expect(answer["issues"]?.elements.count == 1)
        }
    }

    @Test
    func `the horizon moves with the days, and holidays with it`() async throws {
        try await CentreDesk.with { desk in
            try await desk.open("08:00-18:00", from: CentreDesk.today)
            #expect(try await desk.server.house.centres.extendOpenHours() == 0)
            // As if the last compilation were old: half a year of it is gone.
            _ = try await desk.server.database.owner.queryText("set role plateau_functions", [])
            _ = try await desk.server.database.owner.queryText("delete from centres.open_hours where day > '2027-06-30'", [])
            _ = try await desk.server.database.owner.queryText(
                "update centres.open_hours_horizon set compiled = '[2026-10-05,2027-07-01)'", [])
            _ = try await desk.server.database.owner.queryText("delete from centres.closed_day where day > '2027-06-30'", [])
            _ = try await desk.server.database.owner.queryText("reset role", [])
            #expect(try await desk.periods(on: "2027-07-02") == [])
            #expect(try await desk.server.house.centres.extendOpenHours() == 1)
            #expect(try await desk.periods(on: "2027-07-02").count == 1)
            #expect(try await desk.periods(on: "2027-07-21") == [])
            #expect(try await desk.server.house.centres.extendOpenHours() == 0)
        }
    }
}
