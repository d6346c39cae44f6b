import Kernel
import Recurrence
import Testing

@Suite(.serialized)
struct HostileRuleTests {
    private static let numbers = (1...366).map(String.init).joined(separator: ",")
    private static let everyWeekday = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]

    @Test(arguments: [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTH=4;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=6MO", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=DAILY;INTERVAL=1000;BYMONTH=2;BYMONTHDAY=-31", "FREQ=YEARLY;BYDAY=MO;BYSETPOS=366", "FREQ=DAILY;BYMONTH=1;BYSETPOS=2",
        "FREQ=YEARLY;INTERVAL=1000;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=7",
    ])
    func `a rule that never chooses a day ends the search soon`(rule: String) throws {
        let (count, time) = try Self.expand(rule)
        #expect(count == 0)
        #expect(time < .milliseconds(10 * Self.slowness), "\(time)")
    }

    @Test(arguments: [
        "FREQ=DAILY", "FREQ=YEARLY;BYDAY=\(everyWeekday.joined(separator: ","));BYSETPOS=366,-366",
        "FREQ=YEARLY;BYDAY=\(everyWeekday.joined(separator: ","));BYSETPOS=\(numbers)", "FREQ=WEEKLY;INTERVAL=9",
        "FREQ=MONTHLY;BYDAY=\((1...53).flatMap { n in everyWeekday.map { "\(n)\($0)" } }.joined(separator: ","))",
    ])
    func `a rule without end is cut at what is wanted`(rule: String) throws {
        let (count, time) = try Self.expand(rule)
        #expect(count == 366)
        #expect(time < .milliseconds(100 * Self.slowness), "\(time)")
    }

    @Test func `the calendar's end ends a rule`() throws {
        let zone = try #require(Zone("Europe/Brussels"))
        let first = LocalDateTime(day: try #require(LocalDay("9998-12-30")), time: .midnight)
        for frequency in ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"] {
            #expect(try Recurrence("FREQ=\(frequency)").occurrences(from: first, in: zone, atMost: 366).occurrences.count <= 366)
        }
    }

    /// Unoptimised code takes many times as long, on a busy machine more so; optimised, the limits are those of the rule's contract.
    private static var slowness: Int {
        var isUnoptimised = false
        assert({ isUnoptimised = true }() == ())
        return isUnoptimised ? 30 : 1
    }

    /// The best of three: a machine at work may stop anybody for a while.
    private static func expand(_ rule: String) throws -> (count: Int, time: Duration) {
        let zone = try #require(Zone("Europe/Brussels"))
        let first = LocalDateTime(day: try #require(LocalDay("2027-01-04")), time: try #require(LocalTime("09:00")))
        var count = 0
        let times = try (0..<3).map { _ in
            try ContinuousClock().measure { count = try Recurrence(rule).occurrences(from: first, in: zone, atMost: 366).occurrences.count }
        }
        return (count, times.min() ?? .zero)
    }
}
