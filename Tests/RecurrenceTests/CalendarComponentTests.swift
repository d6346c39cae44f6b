import Recurrence
import Testing

@Suite("Calendars as files")
struct CalendarComponentTests {
    @Test
    func `lines are unfolded, numbered as they stand, and read with their parameters`() throws {
        let text =
            "\u{FEFF}BEGIN:VCALENDAR\r\nVERSION:2.0\r\n\r\nbegin:vevent\r\nSUMMARY;X-A=\"b:c;d\",e:Ferm\r\n e\\, l'\\né\r\n\tté\\;\r\n"
            + "nothing\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        let calendar = try #require(try CalendarComponent.calendars(in: Array(text.utf8)).first)
        #expect(calendar.line == 1 && calendar.properties.map(\.name) == ["VERSION"])
        let event = try #require(calendar.components.first)
        #expect(event.name == "VEVENT" && event.line == 4 && event.brokenLines == [8])
        let summary = try #require(event.property("SUMMARY")?.line)
        #expect(summary.number == 5 && summary.parameters == ["X-A": "b:c;d,e"])
        #expect(summary.plainText == "Ferme, l'\nété;")
    }

    @Test
    func `what is folded inside a character is whole again`() throws {
        let bytes = Array("BEGIN:VCALENDAR\nSUMMARY:".utf8) + [0xC3, 0x0A, 0x20, 0xA9] + Array("\nEND:VCALENDAR".utf8)
        let calendars = try CalendarComponent.calendars(in: bytes)
        #expect(calendars[0].property("SUMMARY")?.line.value == "é")
    }

    @Test(arguments: [
        ("", CalendarComponent.Fault.noCalendar(line: 1)), ("\n\nday;reason\n", .noCalendar(line: 3)),
        ("BEGIN:VEVENT\nEND:VEVENT\n", .noCalendar(line: 1)), ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", .unended(line: 2)),
        ("BEGIN:VCALENDAR\n", .unended(line: 1)), ("BEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VCALENDAR\n", .noCalendar(line: 3)),
        ("BEGIN:VCALENDAR\n" + String(repeating: "BEGIN:X\n", count: 9), .tooDeep(line: 9)),
    ])
    func `what is no calendar says on which line it is none`(text: String, fault: CalendarComponent.Fault) {
        #expect(throws: fault) { try CalendarComponent.calendars(in: Array(text.utf8)) }
    }

    @Test(arguments: ["NAME", ":x", "A;B:c", "A;B=\"c:d", "A;B=c;B=d:e", "A;=c:d", "A B:c"])
    func `what is no content line is told by its number`(line: String) throws {
        let calendars = try CalendarComponent.calendars(in: Array("BEGIN:VCALENDAR\n\(line)\nEND:VCALENDAR\n".utf8))
        #expect(calendars[0].brokenLines == [2])
    }

    @Test(arguments: [
        ("P1D", 1, 0), ("p2w", 14, 0), ("PT1H30M", 0, 5_400), ("+P1DT5S", 1, 5), ("PT0S", 0, 0), ("P15DT5H0M20S", 15, 18_020),
    ])
    func `durations are read`(text: String, days: Int, seconds: Int) {
        let duration = CalendarDuration(text)
        #expect(duration?.days == days && duration?.seconds == seconds)
    }

    @Test(arguments: ["", "P", "PT", "1D", "-P1D", "P1H", "PT1D", "P1DT", "P1W2D", "PT1M1H", "P1D1D", "P123456D", "P1.5D", "PT1HT1M"])
    func `other durations are none`(text: String) {
        #expect(CalendarDuration(text) == nil)
    }
}
