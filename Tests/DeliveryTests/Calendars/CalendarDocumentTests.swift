import Kernel
import Testing

@testable import Delivery

@Suite("A calendar is written as RFC 5545 has it")
struct CalendarDocumentTests {
    @Test(arguments: [0, 1, 2, 3, 4, 5, 6, 7])
    func `lines have at most 75 octets and no character is cut`(seed: UInt64) throws {
        var random = SplitMix64(seed: 40 + seed)
        let letters = ["a", "é", "€", "😀", "\\", ";", ",", "\n", " "]
        let text = (0..<Int.random(in: 0...400, using: &random)).map { _ in letters.randomElement(using: &random) ?? "a" }.joined()
        var calendar = ICalendarWriter()
        calendar.text("SUMMARY", text)
        let lines = String(decoding: calendar.bytes, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(lines.dropLast().allSatisfy { $0.utf8.count <= 75 }, "seed \(seed)")
        #expect(lines.last == "")
        let unfolded = String(decoding: calendar.bytes, as: UTF8.self).replacing("\r\n ", with: "")
        #expect(unfolded == "SUMMARY:\(ICalendarWriter.escaped(text))\r\n")
        #expect(!unfolded.contains("\u{FFFD}"))
    }

    @Test func `a text cannot begin a property of its own`() {
        #expect(ICalendarWriter.escaped("a\r\nATTENDEE:mailto:x@example.org") == #"a\nATTENDEE:mailto:x@example.org"#)
        #expect(ICalendarWriter.escaped("a;b,c\\d\u{0}\u{7F}\rz") == #"a\;b\,c\\d\nz"#)
        #expect(ICalendarWriter.quoted("a\"b\r\n:c") == "\"ab:c\"")
    }

    @Test func `the changes of Brussels are found to the second`() throws {
        let zone = try #require(Zone("Europe/Brussels"))
        let start = try #require(Instant(rfc3339: "2026-01-01T00:00:00Z"))
        let window = try #require(Period(start: start, end: start + .seconds(500 * 86_400)))
        let changes = ZoneChange.all(of: zone, in: window)
        #expect(
            changes.map { Instant(secondsSince1970: $0.second).rfc3339 } == [
                "2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z", "2027-03-28T01:00:00Z",
            ])
        #expect(changes.map(\.after) == [7_200, 3_600, 7_200])
        #expect(YearlyRule(changes[0], isFromEnd: true).text == "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU")
    }

    @Test func `a local time that happens twice means the first, so the second is told in UTC`() throws {
        let zone = try #require(Zone("Europe/Brussels"))
        let first = try #require(Instant(rfc3339: "2026-10-25T00:30:00Z"))
        #expect(ICalendarTime.local(first, in: zone) == "20261025T023000")
        #expect(ICalendarTime.local(first + .seconds(3_600), in: zone) == nil)
        #expect(ICalendarTime.utc(first + .seconds(3_600)) == "20261025T013000Z")
    }

    /// Read by another implementation where `PLATEAU_DELIVERY_LOG` names a file; here, that the rules of each zone say what the zone does.
    @Test(arguments: [
        "Europe/Brussels", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "Asia/Tokyo", "Europe/Dublin",
    ])
    func `entries of a year are told in the zone of their site`(name: String) async throws {
        let zone = try #require(Zone(name))
        var random = SplitMix64(seed: 4_101)
        let start = try #require(Instant(rfc3339: "2026-01-01T00:00:00Z"))
        let window = try #require(Period(start: start, end: start + .seconds(400 * 86_400)))
        // Half of them within three hours of a change.
        let changes = ZoneChange.all(of: zone, in: window).map { Instant(secondsSince1970: $0.second) }
        let events = try (0..<60).map { number in
            let near = number.isMultiple(of: 2) ? changes.randomElement(using: &random) : nil
            let begins =
                near.map { $0 + .seconds(900 * Int.random(in: -12...12, using: &random)) }
                ?? start + .seconds(900 * Int.random(in: 0..<38_400, using: &random))
            let period = try #require(Period(start: begins, end: begins + .seconds(900 * Int.random(in: 1...40, using: &random))))
            return CalendarEvent(
                uid: "\(number)@test", sequence: 0, stamp: start, period: period, zone: zone, summary: "Cours ; \(number), 100 €\nsuite",
                status: number.isMultiple(of: 5) ? .tentative : .confirmed)
        }
        let text = String(decoding: CalendarDocument(name: "Essai, fictif", events: events).bytes, as: UTF8.self)
        let read = ReadCalendar(text)
        #expect(read.events.count == events.count)
        #expect(read.lines.filter { $0 == "BEGIN:VTIMEZONE" }.count == 1)
        #expect(read.lines.contains("TZID:\(name)"))
        try await DeliveryLog.shared.keep(
            calendar: text,
            expecting: events.map {
                ExpectedEntry(
                    uid: $0.uid, start: $0.period.start.rfc3339, end: $0.period.end.rfc3339, status: $0.status.rawValue,
                    summary: $0.summary, isFree: false)
            })
    }

    @Test(arguments: [("Europe/Brussels", 2), ("America/New_York", 2), ("Asia/Tokyo", 1)])
    func `regular zones are told by rules that recur, and one without changes by one`(name: String, observances: Int) throws {
        let zone = try #require(Zone(name))
        let start = try #require(Instant(rfc3339: "2026-06-01T00:00:00Z"))
        var calendar = ICalendarWriter()
        ICalendarZone(zone, window: try #require(Period(start: start, end: start + .seconds(3_600)))).write(to: &calendar)
        let lines = String(decoding: calendar.bytes, as: UTF8.self).split(separator: "\r\n")
        #expect(lines.filter { $0.hasPrefix("TZOFFSETTO:") }.count == observances)
        #expect(lines.filter { $0.hasPrefix("RRULE:") }.count == (observances == 2 ? 2 : 0))
    }
}
