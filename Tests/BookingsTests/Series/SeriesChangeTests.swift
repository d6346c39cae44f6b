import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("Cancelling and changing a series")
struct SeriesChangeTests {
    /// Four Tuesdays from 2027-05-04, 09:00 to 12:00 in Brussels.
    private static func tuesdays(_ desk: BookingDesk, seats: Int = 3) async throws -> TestAnswer {
        let series = try await desk.series(
            "FREQ=WEEKLY;COUNT=4", from: "2027-05-04T09:00:00+02:00", to: "2027-05-04T12:00:00+02:00", seats: seats)
        try #require(series.status == .created, "\(series.body)")
        return series
    }

    private static func line(_ desk: BookingDesk, _ start: String, _ end: String, seats: Int) -> String {
        #"[{"resourceId": "\#(desk.network.platform)", "start": "\#(start)", "end": "\#(end)", "seats": \#(seats)}]"#
    }

    @Test(arguments: [
        (#"{"scope": "this", "from": "2027-05-11T07:00:00Z"}"#, ["confirmed", "cancelledByUser", "confirmed", "confirmed"]),
        (
            #"{"scope": "following", "from": "2027-05-11T09:00:00+02:00", "reason": "teacher ill"}"#,
            ["confirmed", "cancelledByUser", "cancelledByUser", "cancelledByUser"]
        ),
        (#"{"scope": "all"}"#, Array(repeating: "cancelledByUser", count: 4)),
    ])
    func `this, this and following, or all are cancelled together`(body: String, states: [String]) async throws {
        try await withDesk { desk in
            let series = try await Self.tuesdays(desk)
            let stale = try await desk.command("cancellation", series, body, version: 9)
            #expect(stale.status == .preconditionFailed)
            let done = try await desk.command("cancellation", series, body)
            #expect(done.status == .ok, "\(done.body)")
            #expect(done.occurrences("state") == states)
            let free = states.count { $0 == "confirmed" }
            // Its own change, and one of each booking.
            #expect(done["version"] == .number(Double(2 + 4 - free)))
            #expect(try await desk.count("platforms.occupancy") == "\(free)")
            let again = try await desk.command("cancellation", series, body, version: 2 + 4 - free)
            #expect(again.problem == "seriesOver", "\(again.body)")
        }
    }

    @Test
    func `a scope needs its occurrence, and an occurrence of this series`() async throws {
        try await withDesk { desk in
            let series = try await Self.tuesdays(desk)
            let none = try await desk.command("cancellation", series, #"{"scope": "this"}"#)
            #expect(none["issues", 0, "name"] == "/from")
            let other = try await desk.command("cancellation", series, #"{"scope": "this", "from": "2027-05-05T07:00:00Z"}"#)
            #expect(other["issues", 0, "code"] == "occurrenceUnknown", "\(other.body)")
            let all = try await desk.command("cancellation", series, #"{"scope": "all", "from": "2027-05-11T07:00:00Z"}"#)
            #expect(all["issues", 0, "name"] == "/from")
        }
    }

    @Test
    func `the following move to another time and size, and keep their place in the series`() async throws {
        try await withDesk { desk in
            let series = try await Self.tuesdays(desk)
            let lines = Self.line(desk, "2027-05-12T10:00:00+02:00", "2027-05-12T16:00:00+02:00", seats: 7)
            let changed = try await desk.command("change", series, #"{"from": "2027-05-11T07:00:00Z", "lines": \#(lines)}"#)
            #expect(changed.status == .ok, "\(changed.body)")
            #expect(changed.occurrences("start") == series.occurrences("start"))
            #expect(changed.occurrences("state") == Array(repeating: "confirmed", count: 4))
            #expect(
                changed["occurrences"]?.elements.compactMap { $0["period"]?["start"]?.text } == [
                    "2027-05-04T07:00:00Z", "2027-05-12T08:00:00Z", "2027-05-19T08:00:00Z", "2027-05-26T08:00:00Z",
                ])
            #expect(changed.occurrences("bookingId")[0] == series.occurrences("bookingId")[0])
            #expect(changed.occurrences("bookingId")[1] != series.occurrences("bookingId")[1])
            let old = try await desk.server.send(
                .get, "/v1/bookings/\(series.occurrences("bookingId")[1])", key: desk.network.companyKey)
            #expect(old["state"] == "cancelledByUser" && old["seriesId"] == series["id"])
            let seats = try await desk.server.database.owner.queryText("select seats::text from platforms.occupancy order by starts")
            #expect(seats == [["3"], ["7"], ["7"], ["7"]])
        }
    }

    @Test
    func `a change frees its own room first, and is undone whole when one occurrence does not fit`() async throws {
        try await withDesk { desk in
            let series = try await Self.tuesdays(desk, seats: 8)
            // Twelve are there: 8 of its own have to go before 12 can come.
            let grown = Self.line(desk, "2027-05-04T10:00:00+02:00", "2027-05-04T13:00:00+02:00", seats: 12)
            let body = #"{"from": "2027-05-04T07:00:00Z", "lines": \#(grown)}"#
            let said = try await desk.command("change", series, body, query: "?dryRun=true")
            #expect(said["verdict"] == "wouldCreate", "\(said.body)")
            #expect(try await desk.read(series).body == series.body)
            let other = try await desk.book(
                from: "2027-05-18T12:30:00+02:00", to: "2027-05-18T14:00:00+02:00", seats: 1, key: desk.network.schoolKey)
            #expect(other.status == .created)
            let refused = try await desk.command("change", series, body)
            #expect(refused.problem == "seriesRefused", "\(refused.body)")
            #expect(refused.refusedOccurrences == ["2027-05-18T07:00:00Z": ["capacityFull"]])
            #expect(refused["bookable"] == 3)
            #expect(refused["occurrences", 0, "alternatives", 0]?["start"] != nil)
            #expect(try await desk.read(series).body == series.body)
        }
    }

    @Test
    func `what has begun is not the user's to change any more`() async throws {
        try await withDesk { desk in
            let series = try await Self.tuesdays(desk)
            // The second Tuesday, at ten.
            _ = try await desk.server.database.owner.queryText(
                "call plateau.set_clock_offset(timestamptz '2027-05-11T08:00:00Z' - clock_timestamp())")
            let lines = Self.line(desk, "2027-05-11T10:00:00+02:00", "2027-05-11T12:00:00+02:00", seats: 1)
            let changed = try await desk.command("change", series, #"{"from": "2027-05-11T07:00:00Z", "lines": \#(lines)}"#)
            #expect(changed.problem == "alreadyStarted", "\(changed.body)")
            let cancelled = try await desk.command("cancellation", series, #"{"scope": "all"}"#)
            #expect(
                cancelled.occurrences("state") == ["confirmed", "confirmed", "cancelledByUser", "cancelledByUser"], "\(cancelled.body)")
        }
    }
}
