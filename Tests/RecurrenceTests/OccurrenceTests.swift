import Kernel
import Recurrence
import Testing

struct OccurrenceTests {
    @Test(arguments: [
        // 02:30 does not exist on 2027-03-28 and moves forward by the hour; on 2027-10-31 it happens twice and means the first.
        ("Europe/Brussels", "2027-03-27T02:30", ["2027-03-27T01:30:00Z", "2027-03-28T01:30:00Z", "2027-03-29T00:30:00Z"]),
        ("Europe/Brussels", "2027-10-30T02:30", ["2027-10-30T00:30:00Z", "2027-10-31T00:30:00Z", "2027-11-01T01:30:00Z"]),
        ("Australia/Lord_Howe", "2026-10-03T02:15", ["2026-10-02T15:45:00Z", "2026-10-03T15:45:00Z", "2026-10-04T15:15:00Z"]),
        // The day that Apia skipped: its occurrence falls on that of the next day, and the two are one.
        ("Pacific/Apia", "2011-12-29T09:00", ["2011-12-29T19:00:00Z", "2011-12-30T19:00:00Z"]),
    ])
    func `the clock on the wall stays, whatever the clocks do`(zone: String, start: String, expected: [String]) throws {
        #expect(try Self.starts("FREQ=DAILY;COUNT=3", from: start, zone: zone) == expected)
    }

    @Test func `dates are left out and added, and what is left out stays out`() throws {
        let text = """
            RRULE:FREQ=WEEKLY;COUNT=4
            EXDATE;VALUE=DATE:20270511
            EXDATE;TZID=Europe/Brussels:20270518T090000
            RDATE:20270520T120000Z,20270511T070000Z
            RDATE;VALUE=DATE:20270521
            """
        #expect(
            try Self.starts(text, from: "2027-05-04T09:00") == [
                "2027-05-04T07:00:00Z", "2027-05-20T12:00:00Z", "2027-05-21T07:00:00Z", "2027-05-25T07:00:00Z",
            ])
    }

    @Test func `UNTIL counts the last start in, by the instant or by the site's day`() throws {
        #expect(try Self.starts("FREQ=DAILY;UNTIL=20270505T070000Z", from: "2027-05-04T09:00").count == 2)
        #expect(try Self.starts("FREQ=DAILY;UNTIL=20270505T065959Z", from: "2027-05-04T09:00").count == 1)
        #expect(try Self.starts("FREQ=DAILY;UNTIL=20270505", from: "2027-05-04T23:30").count == 2)
    }

    @Test func `what is wanted bounds what is given, and it is said that there is more`() throws {
        let zone = try #require(Zone("Europe/Brussels"))
        let first = LocalDateTime(day: try #require(LocalDay("2027-01-04")), time: .midnight)
        let rule = try Recurrence("FREQ=DAILY;COUNT=5")
        #expect(rule.occurrences(from: first, in: zone, atMost: 5).isCut == false)
        let cut = rule.occurrences(from: first, in: zone, atMost: 4)
        #expect(cut.isCut && cut.occurrences.count == 4)
    }

    @Test func `the first day of the rule tells whether the first day given is one of its days`() throws {
        let zone = try #require(Zone("Europe/Brussels"))
        let monday = LocalDateTime(day: try #require(LocalDay("2027-01-04")), time: .midnight)
        let expansion = try Recurrence("FREQ=WEEKLY;BYDAY=WE;COUNT=1").occurrences(from: monday, in: zone, atMost: 5)
        #expect(expansion.firstDayOfRule == LocalDay("2027-01-06"))
    }

    @Test(arguments: [
        (-90_000, "2027-01-02T23:00"), (0, "2027-01-04T00:00"), (86_399, "2027-01-04T23:59:59"), (86_400, "2027-01-05T00:00"),
    ])
    func `local seconds are added across midnight`(seconds: Int, expected: String) throws {
        let local = LocalDateTime(day: try #require(LocalDay("2027-01-04")), time: .midnight).adding(seconds: Int64(seconds))
        #expect("\(local.day)T\(local.time)" == expected)
    }

    private static func starts(_ text: String, from start: String, zone: String = "Europe/Brussels") throws -> [String] {
        let sides = start.split(separator: "T")
        let first = LocalDateTime(day: try #require(LocalDay(sides[0])), time: try #require(LocalTime(sides[1])))
        let expansion = try Recurrence(text).occurrences(from: first, in: try #require(Zone(zone)), atMost: 366)
        return expansion.occurrences.map(\.start.rfc3339)
    }
}
