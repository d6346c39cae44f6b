import HTTPTypes
import TestSupport
import Testing

@Suite("Bookings from calendars")
struct BookingCalendarTests {
    private static let count = "select count(*) from bookings.booking"
    /// Every Tuesday of June 2027, which begins with one.
    private static let tuesdays = BookingDesk.event("w", "RRULE:FREQ=WEEKLY;UNTIL=20270630")

    @Test func `an event is a booking, judged as a line of a table and known again by its UID`() async throws {
        try await withDesk { desk in
            let events = [
                BookingDesk.event("a", "LOCATION:INV-1", "SUMMARY:Soudage\\, TIG"),
                BookingDesk.event("b", "LOCATION:Hall fictif", "X-PLATEAU-RESOURCE:INV-1"),
                BookingDesk.event("c", "X-PLATEAU-SEATS:13"),
                BookingDesk.event("d", hour: 12, "X-PLATEAU-CONTACT-NAME:Ada", "X-PLATEAU-CONTACT-EMAIL:ada@example.org"),
            ]
            let dry = try await desk.enter(events: events, dryRun: true)
            #expect(dry.outcomes == ["created", "refused", "refused", "created"] && dry["applied"] == false, "\(dry.body)")
            #expect(dry.faults == ["14 X-PLATEAU-RESOURCE unitTaken", "20 X-PLATEAU-SEATS quantityTooLarge"], "\(dry.body)")
            #expect(dry["lines", 1, "booking", "alternatives", 0, "resourceId"]?.text == "\(desk.network.units[1])", "\(dry.body)")
            #expect(try await desk.column(Self.count) == ["0"])
            let whole = try await desk.enter(events: events, "allOrNothing")
            #expect(whole.problem == "importRefused" && whole.reportedFaults == dry.faults, "\(whole.body)")
            let first = try await desk.enter(events: events, idempotencyKey: "calendar-1")
            #expect(first["created"] == 2 && first["refused"] == 2, "\(first.body)")
            let id = try #require(first["lines", 0, "booking", "bookingId"]?.text)
            let read = try await desk.server.send(.get, "/v1/bookings/\(id)", key: desk.network.companyKey)
            #expect(read["title"] == "Soudage, TIG" && read["lines", 0, "start"] == "2027-06-01T07:00:00Z", "\(read.body)")
            let replayed = try await desk.enter(events: events, idempotencyKey: "calendar-1")
            #expect(replayed.body == first.body && replayed.headers[.idempotentReplayed] == "true")
            let again = try await desk.enter(events: events)
            #expect(again.outcomes == ["unchanged", "refused", "refused", "unchanged"], "\(again.body)")
            #expect(again["lines", 0, "booking", "bookingId"]?.text == id)
            // A table that says the same, and a calendar that says it otherwise, mean the same booking.
            let head = "\(BookingDesk.importHead);title"
            #expect(try await desk.enter([BookingDesk.line("a", "INV-1") + ";Soudage, TIG"], head: head).outcomes == ["unchanged"])
            let other = ["UID:a", "DTSTART:20270601T070000Z", "DTEND:20270601T080000Z", "LOCATION:INV-1", "SUMMARY:Soudage\\, TIG"]
            #expect(try await desk.enter(events: [other]).outcomes == ["unchanged"])
            #expect(try await desk.column(Self.count) == ["2"])
        }
    }

    @Test func `a series is a booking for each occurrence, with those that are left out, added, moved and cancelled`() async throws {
        try await withDesk { desk in
            let series =
                BookingDesk.event(
                    "w", "RRULE:FREQ=WEEKLY;UNTIL=20270630", "EXDATE;TZID=Europe/Brussels:20270608T090000",
                    "RDATE;TZID=Europe/Brussels:20270610T090000")
            let moved = BookingDesk.event("w", day: 16, hour: 14, "RECURRENCE-ID;TZID=Europe/Brussels:20270615T090000")
            let off = BookingDesk.event("w", day: 22, "RECURRENCE-ID:20270622T070000Z", "STATUS:CANCELLED")
            let made = try await desk.enter(events: [series, moved, off])
            #expect(made.outcomes == ["created", "created", "created", "created", "unchanged"], "\(made.body)")
            let references = try await desk.column("select own_reference from bookings.imported order by 1")
            #expect(references == ["w/20270601T070000Z", "w/20270610T070000Z", "w/20270615T070000Z", "w/20270629T070000Z"])
            let starts = try await desk.column("select to_char(starts at time zone 'UTC', 'DDHH24') from bookings.booking order by 1")
            #expect(starts == ["0107", "1007", "1612", "2907"])
            #expect(try await desk.enter(events: [series, moved, off], "allOrNothing")["unchanged"] == 5)
            // A window, and a time by the clock of the site.
            let floating = ["UID:f", "DTSTART:20270601T150000", "DURATION:PT1H", "RRULE:FREQ=DAILY"]
            let refused = try await desk.enter(events: [floating])
            #expect(refused.faults == ["6 RRULE ruleWithoutEnd"], "\(refused.body)")
            let window = try await desk.enter(events: [floating], query: "&firstDay=2027-06-03&lastDay=2027-06-04")
            #expect(window["created"] == 2, "\(window.body)")
            let local = try await desk.column("select own_reference from bookings.imported where calendar_uid = 'f' order by 1")
            #expect(local == ["f/20270603T150000", "f/20270604T150000"])
            let late = "select to_char(starts at time zone 'UTC', 'DDHH24') from bookings.booking order by starts limit 1 offset 1"
            #expect(try await desk.column(late) == ["0313"])
        }
    }

    @Test(arguments: [false, true])
    func `an occurrence that is cancelled is not booked, though neither it nor its series names a zone`(_ isFirst: Bool) async throws {
        try await withDesk { desk in
            let series = ["UID:f", "DTSTART:20270601T090000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3"]
            let off = ["UID:f", "DTSTART:20270602T090000", "DURATION:PT1H", "RECURRENCE-ID:20270602T090000", "STATUS:CANCELLED"]
            let events = isFirst ? [off, series] : [series, off]
            let made = try await desk.enter(events: events)
            #expect(made["created"] == 2 && made["unchanged"] == 1 && made.faults.isEmpty, "\(made.body)")
            let starts = try await desk.column("select to_char(starts at time zone 'UTC', 'DDHH24') from bookings.booking order by 1")
            #expect(starts == ["0107", "0307"], "\(starts)")
            #expect(try await desk.enter(events: events, "allOrNothing")["unchanged"] == 3)
            // In UTC it is the same occurrence, and another one at the hour that would be its own if the clock were that of UTC.
            let utc = off.map { $0.replacing("RECURRENCE-ID:20270602T090000", with: "RECURRENCE-ID:20270602T070000Z") }
            #expect(try await desk.enter(events: [series, utc])["created"] == 0)
            let twice = try await desk.enter(events: [series, off, utc])
            #expect(Set(twice.faults.map { $0.split(separator: " ").last ?? "" }) == ["keyTwice"], "\(twice.body)")
        }
    }

    @Test func `what is cancelled, gone or moved in the calendar is told while its booking stands, and never booked twice`() async throws {
        try await withDesk { desk in
            #expect(try await desk.enter(events: [Self.tuesdays, BookingDesk.event("s", hour: 14)])["created"] == 6)
            // One left out, one cancelled, one event cancelled, each as its booking stands.
            let shorter = Self.tuesdays + ["EXDATE;TZID=Europe/Brussels:20270608T090000"]
            let off = BookingDesk.event("w", day: 15, "RECURRENCE-ID:20270615T070000Z", "STATUS:CANCELLED")
            let single = BookingDesk.event("s", hour: 14, "SEQUENCE:2", "STATUS:CANCELLED")
            let told = try await desk.enter(events: [shorter, off, single])
            #expect(told.faults == ["2 UID occurrenceGone", "14 STATUS eventCancelled", "21 STATUS eventCancelled"], "\(told.body)")
            #expect(told["unchanged"] == 3 && told["refused"] == 3 && told["created"] == 0, "\(told.body)")
            // An event that is at another hour now is not booked again beside itself.
            let later = BookingDesk.event("w", hour: 11, "RRULE:FREQ=WEEKLY;UNTIL=20270630", "SEQUENCE:3")
            let moved = try await desk.enter(events: [later])
            #expect(moved["created"] == 0 && moved["refused"] == 10, "\(moved.body)")
            #expect(Set(moved.faults) == ["2 UID occurrenceGone", "4 DTSTART eventMoved"], "\(moved.faults)")
            let one = try await desk.enter(events: [BookingDesk.event("s", hour: 15)])
            #expect(one.faults == ["3 UID rowChanged"], "\(one.body)")
            #expect(try await desk.column(Self.count) == ["6"])
            // Once its bookings are cancelled, the calendar is followed.
            for id in try await desk.column("select booking_id from bookings.imported") {
                _ = try await desk.server.send(
                    .post, "/v1/bookings/\(try #require(id))/cancellation", key: desk.network.companyKey, headers: [.ifMatch: "*"],
                    json: #"{"reason": "planning"}"#)
            }
            #expect(try await desk.enter(events: [later])["created"] == 5)
            let silent = try await desk.enter(events: [single], "allOrNothing")
            #expect(silent["unchanged"] == 1 && silent["lines", 0, "booking", "state"] == "cancelledByUser", "\(silent.body)")
            let message = (["BEGIN:VCALENDAR", "METHOD:CANCEL", "BEGIN:VEVENT"] + later + ["END:VEVENT", "END:VCALENDAR"])
                .joined(separator: "\n")
            #expect(try await desk.enter(calendar: message)["refused"] == 5)
            // What was never entered needs no cancelling, and another organisation's events are its own.
            #expect(try await desk.enter(events: [BookingDesk.event("n", "STATUS:CANCELLED")]).outcomes == ["unchanged"])
            let school = try await desk.enter(events: [BookingDesk.event("s", hour: 15)], key: desk.network.schoolKey)
            #expect(school.outcomes == ["created"], "\(school.body)")
        }
    }

    @Test(arguments: [
        (["DTSTART;VALUE=DATE:20270601"], "4 DTSTART eventWithoutTime"),
        (["DTSTART:20270601T070000Z"], "4 DTEND missing"),
        (["DTSTART:20270601T070000Z", "DTEND:20270601T060000Z"], "5 DTEND endNotAfterStart"),
        (["DTSTART:20270601T070000Z", "DURATION:PT1H", "X-PLATEAU-SEAT:2"], "6 X-PLATEAU-SEAT propertyUnknown"),
        (["DTSTART:20270601T070000Z", "DURATION:PT1H", "X-PLATEAU-SEATS:two"], "6 X-PLATEAU-SEATS integer"),
        (["DTSTART:20270601T070000Z", "DURATION:PT1H", "LOCATION:Nowhere"], "6 LOCATION resourceUnknown"),
        (["DTSTART:20270601T070000Z", "DURATION:PT1H", "X-PLATEAU-AUDIENCES:worker:2 worker:3"], "6 X-PLATEAU-AUDIENCES duplicate"),
        (["DTSTART:20270601T070000Z", "DURATION:PT1H", "SUMMARY:a", "SUMMARY:b"], "7 SUMMARY twice"),
        (["DTSTART:20270601T070000Z", "DURATION:PT1H", "RRULE:FREQ=HOURLY;COUNT=2"], "6 RRULE recurrenceRule"),
        (["DTSTART:20270601T070000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;BYDAY=FR;COUNT=2"], "6 RRULE startNotInRule"),
        (["DTSTART:20270601T070000Z", "DURATION:PT1H", "UID:x"], "6 UID twice"),
        (["DTSTART:20200601T070000Z", "DURATION:PT1H"], "4 DTSTART inThePast"),
    ])
    func `an event at fault says where and why, and the others are entered`(properties: [String], fault: String) async throws {
        try await withDesk { desk in
            let answer = try await desk.enter(events: [["UID:x"] + properties, BookingDesk.event("z")])
            #expect(answer.faults.contains(fault), "\(answer.body)")
            #expect(answer["refused"] == 1 && answer["created"] == 1, "\(answer.body)")
        }
    }

    @Test func `what holds too much, says nothing or is no calendar is refused`() async throws {
        try await withDesk { desk in
            let daily = BookingDesk.event("d", "RRULE:FREQ=DAILY;COUNT=1001")
            let many = try await desk.enter(events: [daily])
            #expect(many.faults == ["4 DTSTART tooManyBookings"], "\(many.body)")
            let long = try await desk.enter(events: [daily], query: "&lastDay=2027-06-02")
            #expect(long.outcomes == ["created", "created"], "\(long.body)")
            let none = try await desk.enter(calendar: "BEGIN:VTODO\nEND:VTODO\n")
            #expect(none["issues", 0, "code"] == "noCalendar", "\(none.body)")
            let todo = try await desk.enter(calendar: "BEGIN:VCALENDAR\nBEGIN:VTODO\nEND:VTODO\nEND:VCALENDAR\n")
            #expect(todo.faults == ["2 - noEvent"], "\(todo.body)")
            let bare = try await desk.enter(
                calendar: "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:b\nDTSTART:20270601T070000Z\nDURATION:PT1H\nEND:VEVENT\nEND:VCALENDAR\n")
            #expect(bare.faults == ["2 LOCATION missing", "2 X-PLATEAU-ACTIVITY missing"], "\(bare.body)")
            let twice = try await desk.enter(events: [BookingDesk.event("t"), BookingDesk.event("t", hour: 12)])
            #expect(twice.faults == ["3 UID keyTwice", "8 UID keyTwice"], "\(twice.body)")
            let unknown = try await desk.enter(events: [], query: "&contactName=Ada")
            #expect(unknown.status == .badRequest, "\(unknown.body)")
            // UIDs as Outlook makes them, and longer.
            let outlook = String(repeating: "0", count: 255)
            let series = BookingDesk.event(outlook, hour: 14, "RRULE:FREQ=DAILY;COUNT=2", "X-PLATEAU-SEATS:1")
            #expect(try await desk.enter(events: [series])["created"] == 2)
        }
    }
}
