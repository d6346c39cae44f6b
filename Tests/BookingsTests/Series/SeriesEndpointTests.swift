import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("POST and GET /v1/booking-series")
struct SeriesEndpointTests {
    @Test
    func `each occurrence is an ordinary booking that knows its series`() async throws {
        try await withDesk { desk in
            let series = try await desk.series(
                "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4", from: "2027-05-04T09:00:00+02:00", to: "2027-05-04T12:00:00+02:00", seats: 3)
            #expect(series.status == .created, "\(series.body)")
            #expect(series.headers[.location] == "/v1/booking-series/\(series["id"]?.text ?? "")")
            #expect(
                series.occurrences("start") == [
                    "2027-05-04T07:00:00Z", "2027-05-06T07:00:00Z", "2027-05-11T07:00:00Z", "2027-05-13T07:00:00Z",
                ])
            let second = try #require(series["occurrences", 1, "bookingId"]?.text)
            let booking = try await desk.server.send(.get, "/v1/bookings/\(second)", key: desk.network.companyKey)
            #expect(booking["seriesId"] == series["id"])
            #expect(booking["occurrenceStart"] == "2027-05-06T07:00:00Z")
            #expect(booking["lines", 0, "seats"] == 3)
            #expect(booking["reference"] == series["occurrences", 1, "reference"])
            let listed = try await desk.server.send(.get, "/v1/bookings", key: desk.network.companyKey)
            #expect(listed["items"]?.elements.compactMap { $0["seriesId"]?.text }.count == 4)
            // Cancelling one by itself shows in the series.
            let cancelled = try await desk.server.send(
                .post, "/v1/bookings/\(second)/cancellation", key: desk.network.companyKey, headers: [.ifMatch: "\"v1\""], json: "{}")
            #expect(cancelled.status == .ok)
            let now = try await desk.read(series)
            #expect(now.occurrences("state") == ["confirmed", "cancelledByUser", "confirmed", "confirmed"])
            #expect(series.headers[.eTag] == "\"v1\"" && now.headers[.eTag] == "\"v2\"")
            let held = try await desk.server.send(
                .get, "/v1/booking-series/\(series["id"]?.text ?? "")", key: desk.network.companyKey, headers: [.ifNoneMatch: "\"v2\""])
            #expect(held.status == .notModified)
        }
    }

    @Test
    func `dates are left out and added by day and by instant, in fields and in the rule's text`() async throws {
        try await withDesk { desk in
            let series = try await desk.series(
                #"RRULE:FREQ=DAILY;COUNT=5\r\nEXDATE;TZID=Europe/Brussels:20270505T090000"#, from: "2027-05-04T09:00:00+02:00",
                to: "2027-05-04T10:00:00+02:00",
                extra: #", "excludedDates": ["2027-05-06"], "additionalDates": ["2027-05-20", "2027-05-21T12:00:00Z"]"#)
            #expect(
                series.occurrences("start") == [
                    "2027-05-04T07:00:00Z", "2027-05-07T07:00:00Z", "2027-05-08T07:00:00Z", "2027-05-20T07:00:00Z",
                    "2027-05-21T12:00:00Z",
                ], "\(series.body)")
            #expect(series["occurrences", 4, "period", "end"] == "2027-05-21T13:00:00Z")
        }
    }

    @Test
    func `occurrences of one series count against each other`() async throws {
        try await withDesk { desk in
            // Each takes 8 of 12 workstations for 30 hours.
            let answer = try await desk.series(
                "FREQ=DAILY;COUNT=3", from: "2027-05-04T09:00:00+02:00", to: "2027-05-05T15:00:00+02:00", seats: 8, query: "?dryRun=true")
            #expect(answer.occurrences("verdict") == ["wouldBook", "refused", "wouldBook"], "\(answer.body)")
            #expect(answer.refusedOccurrences == ["2027-05-05T07:00:00Z": ["capacityFull"]])
            #expect(try await desk.count("platforms.occupancy") == "0")
        }
    }

    @Test
    func `a retry with the same key is answered as the first time, and a refused attempt leaves no key`() async throws {
        try await withDesk { desk in
            func ask(_ seats: Int) async throws -> TestAnswer {
                try await desk.series(
                    "FREQ=DAILY;COUNT=3", from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z", seats: seats, idempotencyKey: "series-1"
                )
            }
            #expect(try await ask(40).problem == "seriesRefused")
            let first = try await ask(2)
            let again = try await ask(2)
            #expect(first.status == .created && again.status == .created)
            #expect(again.body == first.body)
            #expect(again.headers[.idempotentReplayed] == "true")
            #expect(try await ask(3).problem == "idempotencyKeyReused")
            #expect(try await desk.count("bookings.booking") == "3")
        }
    }

    @Test(arguments: [
        ("FREQ=HOURLY", "/rule", "recurrenceRule"), ("FREQ=YEARLY;BYWEEKNO=20", "/rule", "recurrenceRule"),
        ("often", "/rule", "recurrenceRule"),
        ("FREQ=DAILY", "/rule", "tooManyOccurrences"), ("FREQ=DAILY;COUNT=367", "/rule", "tooManyOccurrences"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "/rule", "noOccurrence"),
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=2", "/lines/0/start", "startNotInRule"),
        ("FREQ=DAILY;COUNT=1;UNTIL=20270601", "/rule", "recurrenceRule"), ("FREQ=DAILY;UNTIL=20270503", "/rule", "noOccurrence"),
    ])
    func `a rule that cannot be booked is refused by what is wrong with it`(rule: String, name: String, code: String) async throws {
        try await withDesk { desk in
            let answer = try await desk.series(rule, from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z")
            #expect(answer.status == .badRequest, "\(answer.body)")
            #expect(answer["issues", 0, "name"]?.text == name)
            #expect(answer["issues", 0, "code"]?.text == code)
            #expect(answer["issues", 0, "detail"]?.text?.contains("reason.") == false)
        }
    }

    @Test
    func `more days than locks, unknown resources and foreign hands are refused`() async throws {
        try await withDesk { desk in
            let long = try await desk.series("FREQ=WEEKLY;COUNT=300", from: "2027-05-04T09:00:00Z", to: "2027-05-08T09:00:00Z")
            #expect(long["issues", 0, "code"] == "tooManyLineDays", "\(long.body)")
            let unknown = try await desk.series(
                "FREQ=DAILY;COUNT=2", from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z",
                resource: "01990000-0000-7000-8400-000000000001")
            #expect(unknown.codes == ["resourceUnknown"], "\(unknown.body)")
            let foreign = try await desk.series(
                "FREQ=DAILY;COUNT=2", from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z",
                extra: #", "organisationId": "\#(desk.network.school)""#)
            #expect(foreign.problem == "bookingForbidden", "\(foreign.body)")
            let nobody = try await desk.series(
                "FREQ=DAILY;COUNT=2", from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z",
                extra: #", "organisationId": "01990000-0000-7000-8000-000000000009""#, key: desk.network.managerKey)
            #expect(nobody.status == .badRequest || nobody.status == .forbidden, "\(nobody.body)")
            #expect(try await desk.count("bookings.series") == "0")
        }
    }

    @Test
    func `a foreign series looks like a missing one; the centre's staff sees it`() async throws {
        try await withDesk { desk in
            let series = try await desk.series("FREQ=DAILY;COUNT=2", from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z")
            #expect(try await desk.read(series, key: desk.network.schoolKey).status == .notFound)
            #expect(try await desk.read(series, key: desk.network.managerKey).status == .ok)
            for (command, body) in [
                ("cancellation", #"{"scope": "all"}"#),
                (
                    "change",
                    """
                    {"from": "2027-05-04T09:00:00Z", "lines": [{"resourceId": "\(desk.network.platform)",
                     "start": "2027-05-04T09:00:00Z", "end": "2027-05-04T10:00:00Z"}]}
                    """
                ),
            ] {
                #expect(try await desk.command(command, series, body, key: desk.network.schoolKey).status == .notFound)
            }
        }
    }
}
