import HTTPEdge
import Kernel
import Testing

@testable import Bookings

/// The largest body that is taken, filled with what costs most.
@Suite("Hostile calendars of bookings")
struct HostileBookingCalendarTests {
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

    private static let hour = "DTSTART:20270601T070000Z\nDURATION:PT1H\nLOCATION:a\nX-PLATEAU-ACTIVITY:demonstration"
    private static let cases = [
        Case("rules to the last day", code: "occurrences") { _ in "\(hour)\nRRULE:FREQ=DAILY" },
        Case("rules that choose nothing", code: "occurrences") { _ in "\(hour)\nRRULE:FREQ=DAILY;BYDAY=MO;BYSETPOS=2" },
        Case("one booking each", code: "tooManyBookings") { _ in hour },
        Case("dates left out one by one", code: "occurrences") { _ in
            "\(hour)\nRRULE:FREQ=DAILY;INTERVAL=2\nEXDATE:"
                + (0..<999).map { "2027\(10 + $0 % 3)\(10 + $0 % 19)T08\(10 + $0 % 50)00Z" }.joined(separator: ",")
        },
        Case("zones that are none", code: "zoneUnknown") { "DTSTART;TZID=Europe/Nowhere\($0):20270601T080000\nDURATION:PT1H" },
        Case("properties that nobody knows", code: "propertyUnknown") { _ in
            "\(hour)\n" + (0..<40_000).map { "X-PLATEAU-\($0):y" }.joined(separator: "\n")
        },
        Case("one property again and again", code: "twice") { _ in
            "\(hour)\n" + Array(repeating: "SUMMARY:y", count: 90_000).joined(separator: "\n")
        },
        Case("audiences", code: nil) { _ in "\(hour)\nX-PLATEAU-AUDIENCES:" + String(repeating: "worker:1 ", count: 100_000) },
        Case("occurrences of one event", code: "keyTwice") { "UID:a\n\(hour)\nRECURRENCE-ID:20270601T07000\($0 % 10)Z" },
    ]

    @Test(arguments: cases)
    func `a full mebibyte is read, or refused at its line, soon`(_ one: Case) throws {
        let calendar = try Self.read(Self.filled(one))
        #expect(one.code == nil || calendar.faults.last?.code == one.code, "\(String(describing: calendar.faults.last))")
    }

    @Test func `a calendar that says of itself again and again what it is for is asked once, not for each of its events`() throws {
        let events = (0..<5_000).map { "BEGIN:VEVENT\nUID:\($0)\nDTSTART:20270601T070000Z\nDURATION:PT1H\nEND:VEVENT\n" }.joined()
        let methods = String(repeating: "METHOD:\n", count: (1_048_576 - events.utf8.count) / 8)
        let calendar = try Self.read(Array("BEGIN:VCALENDAR\n\(methods)\(events)END:VCALENDAR\n".utf8))
        #expect(calendar.refused.count == 5_000)
    }

    /// Of a file that is looked at in good time.
    private static func read(_ bytes: [UInt8]) throws -> BookingCalendar {
        let last = try #require(LocalDay("2030-06-01"))
        let defaults = EventDefaults(cells: [:])
        let limit = Duration.milliseconds(400 * slowness)
        var calendar: BookingCalendar?
        var times: [Duration] = []
        // Again when it took too long: a machine at work may stop anybody for a while.
        while times.count < 2, times.allSatisfy({ $0 >= limit }) {
            times.append(
                try ContinuousClock().measure {
                    let events = BookingEvents(try CalendarFile.calendars(in: bytes), defaults)
                    calendar = BookingCalendar(events, NamedThings(), from: nil, through: last)
                })
        }
        let read = try #require(calendar)
        #expect(read.rows.count <= 1_000)
        #expect(read.faults.allSatisfy { $0.line > 1 })
        #expect(times.min() ?? .zero < limit, "\(times)")
        return read
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
            let content = one.event(number)
            let uid = content.hasPrefix("UID:") ? "" : "UID:\(number)\n"
            let event = Array("BEGIN:VEVENT\n\(uid)\(content)\nEND:VEVENT\n".utf8)
            guard bytes.count + event.count + end.count <= 1_048_576 || number == 0 else { break }
            bytes += event
        }
        return bytes + end
    }
}
