import Centres
import Kernel
import TestSupport
import Testing

@Suite
struct OpenHoursCompilerTests {
    private static func day(_ text: String) throws -> LocalDay { try #require(LocalDay(text)) }

    /// Rules for every weekday, from `08:00-12:00` texts.
    private static func everyDay(_ hours: [String], from: String = "2020-01-01", to: String? = nil) throws -> [OpeningRule] {
        try (1...7).flatMap { weekday in
            try hours.map { text in
                let times = text.split(separator: "-")
                return OpeningRule(
                    from: try day(from), to: try to.map { try day($0) }, weekday: weekday, opens: try #require(LocalTime(times[0])),
                    closes: try #require(LocalTime(times[1])))
            }
        }
    }

    private static func compiled(
        _ hours: [String], on text: String, closed: Set<LocalDay> = [], zone: String = "Europe/Brussels"
    ) throws -> [String] {
        let compiler = OpenHoursCompiler(rules: try everyDay(hours), closedDays: closed, zone: try #require(Zone(zone)))
        return compiler.periods(on: try day(text)).map { "\($0.start)/\($0.end)" }
    }

    @Test(arguments: [
        // A common day, in winter and in summer time.
        (
            ["08:00-12:00", "13:00-18:00"], "2026-12-01",
            ["2026-12-01T07:00:00Z/2026-12-01T11:00:00Z", "2026-12-01T12:00:00Z/2026-12-01T17:00:00Z"]
        ),
        (["08:00-12:00"], "2026-07-01", ["2026-07-01T06:00:00Z/2026-07-01T10:00:00Z"]),
        // Midnight to midnight lasts 24, 25 and 23 hours.
        (["00:00-24:00"], "2026-10-24", ["2026-10-23T22:00:00Z/2026-10-24T22:00:00Z"]),
        (["00:00-24:00"], "2026-10-25", ["2026-10-24T22:00:00Z/2026-10-25T23:00:00Z"]),
        (["00:00-24:00"], "2027-03-28", ["2027-03-27T23:00:00Z/2027-03-28T22:00:00Z"]),
        // On 25 October 02:00 to 03:00 comes twice: its start is the first, its end the only 03:00.
        (["02:00-03:00"], "2026-10-25", ["2026-10-25T00:00:00Z/2026-10-25T02:00:00Z"]),
        (["02:15-02:45"], "2026-10-25", ["2026-10-25T00:15:00Z/2026-10-25T00:45:00Z"]),
        (["01:00-02:30", "02:30-04:00"], "2026-10-25", ["2026-10-24T23:00:00Z/2026-10-25T03:00:00Z"]),
        // On 28 March 02:00 to 03:00 does not exist: its times move forward by the hour.
        (["02:00-03:00"], "2027-03-28", []),
        (["02:00-02:30"], "2027-03-28", ["2027-03-28T01:00:00Z/2027-03-28T01:30:00Z"]),
        (["01:00-02:30", "03:00-05:00"], "2027-03-28", ["2027-03-28T00:00:00Z/2027-03-28T03:00:00Z"]),
        (["08:00-18:00"], "2027-03-28", ["2027-03-28T06:00:00Z/2027-03-28T16:00:00Z"]),
        // What touches becomes one; the order of the rules does not matter.
        (["13:00-18:00", "08:00-13:00"], "2026-12-01", ["2026-12-01T07:00:00Z/2026-12-01T17:00:00Z"]),
        (["22:00-24:00"], "2026-12-01", ["2026-12-01T21:00:00Z/2026-12-01T23:00:00Z"]),
    ])
    func `local rules become exact periods`(hours: [String], day: String, expected: [String]) throws {
        #expect(try Self.compiled(hours, on: day) == expected)
    }

    @Test
    func `a closed day has no period, the days beside it keep theirs`() throws {
        let christmas = try Self.day("2026-12-25")
        let compiler = OpenHoursCompiler(
            rules: try Self.everyDay(["00:00-24:00"]), closedDays: [christmas], zone: try #require(Zone("Europe/Brussels")))
        let days = compiler.compile(try Self.day("2026-12-24")...(try Self.day("2026-12-26")))
        #expect(days.map(\.day.description) == ["2026-12-24", "2026-12-26"])
    }

    @Test
    func `a rule holds from its first day to its last, both included`() throws {
        let rules = try Self.everyDay(["08:00-10:00"], from: "2026-03-02", to: "2026-03-04")
        let compiler = OpenHoursCompiler(rules: rules, closedDays: [], zone: try #require(Zone("Europe/Brussels")))
        let days = compiler.compile(try Self.day("2026-02-28")...(try Self.day("2026-03-06")))
        #expect(days.map(\.day.description) == ["2026-03-02", "2026-03-03", "2026-03-04"])
    }

    @Test
    func `a rule holds on its weekday only`() throws {
        let monday = OpeningRule(
            from: try Self.day("2026-01-01"), to: nil, weekday: 1, opens: .midnight, closes: .endOfDay)
        let compiler = OpenHoursCompiler(rules: [monday], closedDays: [], zone: try #require(Zone("Europe/Brussels")))
        let days = compiler.compile(try Self.day("2026-03-01")...(try Self.day("2026-03-14")))
        #expect(days.map(\.day.description) == ["2026-03-02", "2026-03-09"])
    }

    @Test(arguments: ["Europe/Brussels", "America/New_York", "Australia/Lord_Howe", "America/Asuncion", "Africa/Cairo", "UTC"], [1, 2, 3])
    func `whatever the rules and the zone, periods are ordered, apart and within their day`(zone: String, seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let zone = try #require(Zone(zone))
        let first = try Self.day("2026-01-01")
        for number in 0..<366 {
            let times = (0..<3).map { _ in
                let minutes = [Int.random(in: 0...1440, using: &random), Int.random(in: 0...1440, using: &random)].sorted()
                return (minutes[0], minutes[1])
            }
            let day = first.adding(days: number)
            let rules = try times.filter { $0.0 < $0.1 }.map { opens, closes in
                OpeningRule(
                    from: first, to: nil, weekday: day.weekday, opens: try #require(LocalTime(secondsSinceMidnight: opens * 60)),
                    closes: try #require(LocalTime(secondsSinceMidnight: closes * 60)))
            }
            let periods = OpenHoursCompiler(rules: rules, closedDays: [], zone: zone).periods(on: day)
            let whole = try #require(zone.period(of: day))
            #expect(periods.allSatisfy { whole.contains($0) }, "seed \(seed), \(day)")
            #expect(zip(periods, periods.dropFirst()).allSatisfy { $0.end < $1.start }, "seed \(seed), \(day)")
        }
    }
}
