import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("Cases of the domain that concern a series")
struct SeriesCaseTests {
    @Test
    func `case 8: a weekly series that meets a holiday and the label's end is told about each occurrence`() async throws {
        try await withDesk(labelEnd: "2027-07-31") { desk in
            try await desk.openByDay(closing: "2027-07-21")
            func ask(_ mode: String, query: String = "") async throws -> TestAnswer {
                try await desk.series(
                    "FREQ=WEEKLY;BYDAY=WE;COUNT=5", from: "2027-07-07T09:00:00+02:00", to: "2027-07-07T12:00:00+02:00",
                    extra: #", "mode": "\#(mode)""#, query: query)
            }
            let refusals = ["2027-07-21T07:00:00Z": ["closed"], "2027-08-04T07:00:00Z": ["labelExpired"]]
            let said = try await ask("atomic", query: "?dryRun=true")
            #expect(said.status == .ok, "\(said.body)")
            #expect(said["verdict"] == "wouldRefuse")
            #expect(said.occurrences("verdict") == ["wouldBook", "wouldBook", "refused", "wouldBook", "refused"])
            #expect(said.refusedOccurrences == refusals)
            #expect(said["occurrences", 2, "rules", 0, "facts", "closedDays", 0, "day"] == "2027-07-21")
            #expect(said["occurrences", 2, "rules", 0, "text"]?.text?.isEmpty == false)
            // The same time of another day that is open, or on which the label is still in force; never that of another occurrence.
            #expect(said["occurrences", 2, "alternatives", 0, "start"] == "2027-07-22T07:00:00Z")
            #expect(
                said["occurrences", 4, "alternatives"]?.elements.map { $0["start"]?.text } == [
                    "2027-07-31T07:00:00Z", "2027-07-30T07:00:00Z", "2027-07-29T07:00:00Z",
                ])

            let whole = try await ask("atomic")
            #expect(whole.status == .conflict)
            #expect(whole.problem == "seriesRefused")
            #expect(whole["bookable"] == 3)
            #expect(whole.refusedOccurrences == refusals)
            #expect(try await desk.count("bookings.booking") == "0")
            #expect(try await desk.count("bookings.series") == "0")

            let rest = try await ask("bestEffort")
            #expect(rest.status == .created, "\(rest.body)")
            #expect(rest["booked"] == 3 && rest["refused"] == 2)
            #expect(rest.refusedOccurrences == refusals)
            #expect(try await desk.read(rest).body == rest.body)
            #expect(try await desk.count("bookings.booking") == "3")
        }
    }

    @Test
    func `case 7: a daily series keeps its hours on days of 23 and of 25 hours`() async throws {
        try await withDesk { desk in
            // Whole days over both changes of the clocks, then hours that one night skips and another repeats.
            for (first, next, hours) in [("2027-03-27", "2027-03-28", [24, 23, 24]), ("2027-10-30", "2027-10-31", [24, 25, 24])] {
                let offset = first.hasPrefix("2027-03") ? "+01:00" : "+02:00"
                let answer = try await desk.series(
                    "FREQ=DAILY;COUNT=3", from: "\(first)T00:00:00\(offset)", to: "\(next)T00:00:00\(offset)")
                #expect(answer.status == .created, "\(answer.body)")
                let rows = try await desk.server.database.owner.queryText(
                    """
                    select (extract(epoch from b.ends - b.starts) / 3600)::int::text, (b.starts at time zone 'Europe/Brussels')::time::text
                    from bookings.booking b where b.series_id = $1 order by b.starts
                    """, [answer["id"]?.text])
                #expect(rows == hours.map { ["\($0)", "00:00:00"] })
            }
            let skipped = try await desk.series(
                "FREQ=DAILY;COUNT=2", from: "2027-03-27T02:30:00+01:00", to: "2027-03-27T03:30:00+01:00",
                resource: "\(desk.network.units[0])")
            // 02:30 does not exist on the 28th: it moves forward by the gap, and the hour keeps its length.
            #expect(skipped["occurrences", 1, "period", "start"] == "2027-03-28T01:30:00Z", "\(skipped.body)")
            #expect(skipped["occurrences", 1, "period", "end"] == "2027-03-28T02:30:00Z")
            let repeated = try await desk.series(
                "FREQ=DAILY;COUNT=2", from: "2027-10-30T02:30:00+02:00", to: "2027-10-30T09:00:00+02:00",
                resource: "\(desk.network.units[1])")
            #expect(repeated["occurrences", 1, "period", "start"] == "2027-10-31T00:30:00Z", "\(repeated.body)")
            #expect(repeated["occurrences", 1, "period", "end"] == "2027-10-31T08:00:00Z")
        }
    }
}

extension BookingDesk {
    /// Opens the site every day from 08:00 to 18:00, but for one.
    fileprivate func openByDay(closing day: String) async throws {
        let week = (1...7).map { #"{"weekday":\#($0),"opens":"08:00","closes":"18:00"}"# }.joined(separator: ",")
        let opened = try await server.send(
            .put, "/v1/sites/\(network.site)/weekly-opening", key: network.managerKey, headers: [.ifMatch: "*"],
            json: #"{"from":"2027-01-01","hours":[\#(week)]}"#)
        try #require(opened.status == .ok, "\(opened.body)")
        let closed = try await server.send(
            .put, "/v1/centres/\(network.centre)/closed-days", key: network.managerKey,
            json: #"{"days":[{"day":"\#(day)","reason":"closure"}]}"#)
        try #require(closed.status.kind == .successful, "\(closed.body)")
    }
}
