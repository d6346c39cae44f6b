import HTTPEdge
import Kernel
import Recurrence
import Testing

@testable import Centres

/// The largest body that is taken, filled with what costs most.
@Suite("Hostile calendars of closures")
struct HostileClosureTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        /// Of one event, or of one after the other until a mebibyte is full.
        let event: @Sendable (Int) -> String
        /// Of the last fault.
        let code: String?
        var testDescription: String { name }

        init(_ name: String, code: String?, _ event: @escaping @Sendable (Int) -> String) {
            (self.name, self.code, self.event) = (name, code, event)
        }
    }

    private static let day = "DTSTART;VALUE=DATE:20261012"
    private static let cases = [
        Case("endless rules", code: "occurrences") { _ in "DTSTART;VALUE=DATE:19260101\nRRULE:FREQ=DAILY" },
        Case("rules that choose nothing", code: "occurrences") { _ in
            "DTSTART;VALUE=DATE:19260101\nRRULE:FREQ=DAILY;BYDAY=MO;BYSETPOS=2"
        },
        Case("rules of years that choose nothing", code: "occurrences") { _ in
            "DTSTART;VALUE=DATE:00010101\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"
        },
        Case("a year on every day", code: "occurrences") { _ in "\(day)\nDURATION:P366D\nRRULE:FREQ=DAILY" },
        Case("a year each", code: "closedParts") { _ in "\(day)\nDURATION:P366D" },
        Case("dates left out one by one", code: "occurrences") { _ in
            "DTSTART:20261012T080000\nDURATION:PT1H\nRRULE:FREQ=DAILY;INTERVAL=2\nEXDATE:"
                + (0..<999).map { "2027\(10 + $0 % 3)\(10 + $0 % 19)T08\(10 + $0 % 50)00" }.joined(separator: ",")
        },
        Case("dates on lines of their own", code: "recurrenceRule") { _ in
            "\(day)\n" + Array(repeating: "EXDATE:x", count: 100_000).joined(separator: "\n")
        },
        Case("zones that are none", code: "zoneUnknown") { "DTSTART;TZID=Europe/Nowhere\($0):20261012T080000\nDURATION:PT1H" },
        Case("zones everywhere", code: nil) { _ in
            "DTSTART;TZID=Europe/Brussels:20261012T080000\nDTEND;TZID=America/New_York:20261012T080000"
        },
        Case("a folded line", code: "contentLine") { _ in
            "\(day)\nSUMMARY:a" + Array(repeating: "\n b", count: 300_000).joined() + "\nx"
        },
        Case("parameters", code: "contentLine") { _ in "\(day)\nX" + (0..<100_000).map { ";A\($0)=b" }.joined() + "\nx" },
        Case("properties", code: "missing") { _ in Array(repeating: "X:y", count: 200_000).joined(separator: "\n") },
    ]

    @Test(arguments: cases)
    func `a full mebibyte is read, or refused at its line, soon`(_ one: Case) throws {
        let bytes = Self.filled(one)
        let first = try #require(LocalDay("2026-10-05"))
        let zone = try #require(Zone("Europe/Brussels"))
        let limit = Duration.milliseconds(250 * Self.slowness)
        var calendar: ClosureCalendar?
        var times: [Duration] = []
        // Again when it took too long: a machine at work may stop anybody for a while.
        while times.count < 2, times.allSatisfy({ $0 >= limit }) {
            times.append(
                try ContinuousClock().measure {
                    calendar = ClosureCalendar(try CalendarComponent.calendars(in: bytes), in: zone, on: first...first.adding(days: 1_100))
                })
        }
        print("\(one.name): \(bytes.count) bytes, \(times.min() ?? .zero), \(calendar?.faults.count ?? 0) faults")
        #expect(calendar?.faults.last?.fault.code == one.code)
        #expect(calendar?.faults.allSatisfy { $0.fault.line > 1 } == true)
        #expect(times.min() ?? .zero < limit, "\(times)")
    }

    /// Unoptimised code takes many times as long, on a busy machine more so.
    private static var slowness: Int {
        var isUnoptimised = false
        assert({ isUnoptimised = true }() == ())
        return isUnoptimised ? 40 : 1
    }

    private static func filled(_ one: Case) -> [UInt8] {
        var bytes = Array("BEGIN:VCALENDAR\n".utf8)
        let end = Array("END:VCALENDAR\n".utf8)
        for number in 0..<5_000 {
            let event = Array("BEGIN:VEVENT\nUID:\(number)\n\(one.event(number))\nEND:VEVENT\n".utf8)
            guard bytes.count + event.count + end.count <= 1_048_576 || number == 0 else { break }
            bytes += event
        }
        return bytes + end
    }
}
