import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Import of calendars of closures")
struct ClosureCalendarTests {
    private static let week = """
        BEGIN:VEVENT
        UID:bridge
        DTSTART;VALUE=DATE:20261012
        DTEND;VALUE=DATE:20261014
        SUMMARY:Pont\\, fictif
        END:VEVENT
        BEGIN:VEVENT
        UID:lunch
        DTSTART;TZID=Europe/Brussels:20261015T120000
        DURATION:PT1H
        RRULE:FREQ=WEEKLY;COUNT=3
        END:VEVENT

        """

    @Test
    func `days and hours are closed, a second time change nothing, and open again when the event says so`() async throws {
        try await CentreDesk.with { desk in
            try await desk.open("08:00-17:00", from: Self.monday)
            let first = try await desk.enter(Self.week)
            #expect(first["created"] == 2 && first["applied"] == true, "\(first.body)")
            #expect(first["lines"]?.elements.map { $0["line"]?.number } == [2, 8])
            #expect(first["change", "changedDays"] == 5)
            #expect(try await desk.periods(on: "2026-10-13").isEmpty)
            let broken = ["2026-10-22T06:00:00Z/2026-10-22T10:00:00Z", "2026-10-22T11:00:00Z/2026-10-22T15:00:00Z"]
            #expect(try await desk.periods(on: "2026-10-22") == broken)
            let day = try await desk.get("/v1/sites/\(desk.site)/open-hours?from=2026-10-12&to=2026-10-12")
            #expect(day["days", 0, "exception"] == "Pont, fictif", "\(day.body)")
            let again = try await desk.enter(Self.week)
            #expect(again["unchanged"] == 2 && again["change", "changedDays"] == 0, "\(again.body)")
            let moved = try await desk.enter(Self.week.replacing("20261014", with: "20261013"))
            #expect(moved["lines"]?.elements.map { $0["outcome"]?.text } == ["updated", "unchanged"], "\(moved.body)")
            #expect(try await desk.periods(on: "2026-10-13").count == 1)
            // What a calendar does not name stays.
            let cancelled = try await desk.enter(
                "BEGIN:VEVENT\nUID:lunch\nSTATUS:CANCELLED\nDTSTART:20261015T120000\nDURATION:PT1H\nEND:VEVENT\n")
            #expect(cancelled["updated"] == 1, "\(cancelled.body)")
            #expect(try await desk.periods(on: "2026-10-22").count == 1)
            #expect(try await desk.periods(on: "2026-10-12").isEmpty)
        }
    }

    @Test
    func `what is closed so stays closed whatever opens it, at one site alone where that is asked`() async throws {
        try await CentreDesk.with { desk in
            try await desk.open("08:00-17:00", from: Self.monday)
            let other = try await desk.server.send(
                .post, "/v1/centres/\(desk.centre)/sites", key: desk.key,
                json: #"{"name": "Annexe", "kind": "fixed", "town": "Namur", "zone": "Europe/Brussels"}"#)
            let exception = try await desk.server.send(
                .put, "/v1/sites/\(desk.site)/opening-exceptions", key: desk.key, headers: [.ifMatch: "*"],
                json: """
                    {"from": "2026-10-12", "to": "2026-10-13", "exceptions": [{"day": "2026-10-12", "reason": "Portes ouvertes",
                     "hours": [{"opens": "07:00", "closes": "22:00"}]}]}
                    """)
            #expect(exception.status == .ok, "\(exception.body)")
            let elsewhere = try await desk.enter(Self.week, query: "?siteId=\(try #require(other["id"]?.text))")
            #expect(elsewhere["created"] == 2 && elsewhere["change", "changedDays"] == 0, "\(elsewhere.body)")
            #expect(try await desk.periods(on: "2026-10-12").count == 1)
            #expect(try await desk.enter(Self.week, query: "?siteId=\(desk.site)")["created"] == 2)
            #expect(try await desk.periods(on: "2026-10-12").isEmpty)
            #expect(try await desk.enter(Self.week, query: "?siteId=\(desk.centre)").status == .notFound)
        }
    }

    @Test
    func `a dry run keeps nothing, nor does a calendar with a fault unless what is right is asked for`() async throws {
        try await CentreDesk.with { desk in
            try await desk.open("08:00-17:00", from: Self.monday)
            let tried = try await desk.enter(Self.week, query: "?dryRun=true")
            #expect(tried["created"] == 2 && tried["applied"] == false && tried["change", "verdict"] == "wouldChange", "\(tried.body)")
            let half = Self.week.replacing("DURATION:PT1H", with: "DURATION:1H")
            let refused = try await desk.enter(half)
            #expect(refused.status == .unprocessableContent)
            let fault = refused["report", "faults", 0]
            #expect(fault?["line"] == 11 && fault?["column"] == "DURATION", "\(refused.body)")
            #expect(try await desk.periods(on: "2026-10-12").count == 1)
            let some = try await desk.enter(half, query: "?mode=acceptedLines")
            #expect(some["created"] == 1 && some["refused"] == 1, "\(some.body)")
            #expect(try await desk.periods(on: "2026-10-12").isEmpty)
            let key: HTTPFields = [.idempotencyKey: "calendar-1"]
            let once = try await desk.enter(Self.week, headers: key)
            #expect(once["created"] == 1 && once["unchanged"] == 1)
            #expect(try await desk.enter(Self.week, headers: key).body == once.body)
        }
    }

    @Test
    func `an event that left the calendar stays closed, unless the calendar is said to be complete`() async throws {
        try await CentreDesk.with { desk in
            try await desk.open("08:00-17:00", from: Self.monday)
            _ = try await desk.enter(Self.week)
            let other = Self.week.replacing("UID:lunch", with: "UID:other")
            let stays = try await desk.enter(other)
            #expect(stays["created"] == 1 && stays["unnamed"] == 1, "\(stays.body)")
            let bridge = "BEGIN:VEVENT\nUID:bridge\nDTSTART;VALUE=DATE:20261012\nEND:VEVENT\n"
            // A fault in an event opens nothing.
            let faulty = try await desk.enter(
                "\(bridge)BEGIN:VEVENT\nUID:other\nDTSTART:x\nEND:VEVENT\n", query: "?complete=true&mode=acceptedLines")
            #expect(faulty["updated"] == 1 && faulty["refused"] == 1 && faulty["unnamed"] == 1, "\(faulty.body)")
            #expect(try await desk.periods(on: "2026-10-22").count == 2)
            let tried = try await desk.enter(bridge, query: "?complete=true&dryRun=true")
            #expect(tried["change", "changedDays"] == 3 && tried["unnamed"] == 1, "\(tried.body)")
            #expect(try await desk.periods(on: "2026-10-22").count == 2)
            let whole = try await desk.enter(bridge, query: "?complete=true")
            #expect(whole["unchanged"] == 1 && whole["change", "changedDays"] == 3, "\(whole.body)")
            #expect(try await desk.periods(on: "2026-10-22").count == 1)
            #expect(try await desk.periods(on: "2026-10-12").isEmpty)
            #expect(try await desk.enter(bridge, query: "?complete=true")["unnamed"] == 0)
        }
    }

    @Test(arguments: [
        "BEGIN:VEVENT\nUID;x\nDTSTART:x\nEND:VEVENT\n", "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20261012\nEND:VEVENT\n",
        "BEGIN:VEVENT\nUID:other\nUID:lunch\nDTSTART:20261015T120000\nDURATION:PT1H\nEND:VEVENT\n",
        "BEGIN:VCALENDAR\nUID:a\nBEGIN:VEVENT\nUID:lunch\nDTSTART:20261015T120000\nDURATION:PT1H\nEND:VEVENT\nEND:VCALENDAR\n",
        "BEGIN:VEVNT\nUID:lunch\nDTSTART:20261015T120000\nDURATION:PT1H\nEND:VEVNT\n",
    ])
    func `where a component does not tell which closure it is, a complete calendar opens nothing`(component: String) async throws {
        try await CentreDesk.with { desk in
            try await desk.open("08:00-17:00", from: Self.monday)
            _ = try await desk.enter(Self.week)
            let bridge = "BEGIN:VEVENT\nUID:bridge\nDTSTART;VALUE=DATE:20261012\nEND:VEVENT\n"
            let answer = try await desk.enter("\(bridge)\(component)", query: "?complete=true&mode=acceptedLines")
            #expect(answer["updated"] == 1 && answer["refused"] == 1, "\(answer.body)")
            // What the typing error of a component's name hides is named after all.
            #expect(answer["unnamed"]?.number == (component.contains("VEVNT") ? 0 : 1), "\(answer.body)")
            #expect(try await desk.periods(on: "2026-10-22").count == 2)
            // The same without it is complete.
            let whole = try await desk.enter(bridge, query: "?complete=true")
            #expect(whole["unnamed"] == 1, "\(whole.body)")
            #expect(try await desk.periods(on: "2026-10-22").count == 1)
        }
    }

    @Test(arguments: [
        ("DTSTART;VALUE=DATE:20261012", 2, "UID", "missing"), ("UID:a", 2, "DTSTART", "missing"),
        ("UID:a\nDTSTART;VALUE=DATE:20261312", 4, "DTSTART", "calendarTime"),
        ("UID:a\nUID:b\nDTSTART;VALUE=DATE:20261012", 4, "UID", "twice"),
        ("UID:a\nDTSTART;TZID=Romance Standard Time:20261012T100000\nDURATION:PT1H", 4, "DTSTART", "zoneUnknown"),
        ("UID:a\nDTSTART:20261012T100000", 4, "DTEND", "missing"),
        ("UID:a\nDTSTART:20261012T100000\nDTEND:20261012T090000", 5, "DTEND", "endNotAfterStart"),
        ("UID:a\nDTSTART:20261012T100000\nDTEND;VALUE=DATE:20261013", 5, "DTEND", "dayAndTime"),
        ("UID:a\nDTSTART;VALUE=DATE:20261012\nDURATION:PT1H", 5, "DURATION", "wholeDays"),
        ("UID:a\nDTSTART;VALUE=DATE:20261012\nDTEND;VALUE=DATE:20281012", 5, "DTEND", "eventTooLong"),
        ("UID:a\nDTSTART;VALUE=DATE:20261012\nRRULE:FREQ=HOURLY", 5, "RRULE", "recurrenceRule"),
        ("UID:a\nDTSTART;VALUE=DATE:20261012\nRRULE:FREQ=DAILY\nEXDATE:x", 6, "EXDATE", "recurrenceRule"),
        ("UID:a\nDTSTART;VALUE=DATE:19260101\nRRULE:FREQ=DAILY", 5, "RRULE", "occurrences"),
        ("UID:a\nDTSTART;VALUE=DATE:20261013\nRRULE:FREQ=WEEKLY;BYDAY=MO", 5, "RRULE", "startNotInRule"),
        ("UID:a\nDTSTART;VALUE=DATE:20261013\nRRULE:FREQ=DAILY;UNTIL=20261012", 5, "RRULE", "ruleWithoutDay"),
        ("UID:a\nDTSTART;VALUE=DATE:20261012\nRRULE:FREQ=DAILY\nRRULE:FREQ=DAILY", 6, "RRULE", "twice"),
        ("UID:a\nDTSTART;VALUE=DATE:20261012\nRECURRENCE-ID;VALUE=DATE:20261012", 2, "RECURRENCE-ID", "seriesMissing"),
        ("UID:a\nDTSTART;VALUE=DATE:20261012\nEND:VEVENT\nBEGIN:VEVENT\nUID:a\nDTSTART;VALUE=DATE:20261013", 6, "UID", "keyTwice"),
        ("UID:a\nDTSTART;VALUE=DATE:20261012\nEND:VEVENT\nBEGIN:VEVENT\nUID:a\nRECURRENCE-ID:x\nDTSTART:x", 2, "UID", "seriesRefused"),
        ("UID:a\nDTSTART;VALUE=DATE:20261012\nnothing", 5, "", "contentLine"),
        ("UID:a\nDTSTART;VALUE=DATE:20261012\nEND:VEVENT\nBEGIN:VTODO\nUID:t\nEND:VTODO\nBEGIN:VEVENT", 6, "", "noEvent"),
    ])
    func `what an event cannot say is refused at its line and property`(
        event: String, line: Int, property: String, code: String
    ) async throws {
        try await CentreDesk.with { desk in
            let answer = try await desk.enter("BEGIN:VEVENT\n\(event)\nEND:VEVENT\n", query: "?dryRun=true")
            let faults = answer["faults"]?.elements ?? []
            #expect(
                faults.contains {
                    $0["line"]?.number == Double(line) && ($0["column"]?.text ?? "") == property && $0["code"]?.text == code
                }, "\(answer.body)")
            #expect(faults.allSatisfy { $0["detail"]?.text?.hasPrefix("reason.") == false }, "\(answer.body)")
        }
    }

    @Test(arguments: [("day;reason\n", "noCalendar"), ("BEGIN:VCALENDAR\n", "calendarUnended")])
    func `what is no calendar is refused as a whole`(text: String, code: String) async throws {
        try await CentreDesk.with { desk in
            let answer = try await desk.send(text)
            #expect(answer.status == .badRequest && answer["issues", 0, "code"]?.text == code, "\(answer.body)")
            #expect(try await desk.send(Self.week, type: "text/csv").status == .unsupportedMediaType)
            #expect(try await desk.send(String(repeating: "X:y\n", count: 2_621_440)).status == .contentTooLarge)
        }
    }

    private static let monday = "2026-10-05"
}

extension CentreDesk {
    /// Events in a calendar; the first begins on line 2.
    fileprivate func enter(_ events: String, query: String = "", headers: HTTPFields = [:]) async throws -> TestAnswer {
        try await send("BEGIN:VCALENDAR\n\(events)END:VCALENDAR\n", query: query, headers: headers)
    }

    fileprivate func send(
        _ text: String, query: String = "", type: String = "text/calendar", headers: HTTPFields = [:]
    ) async throws -> TestAnswer {
        try await server.send(
            document: Array(text.utf8), of: type, to: "/v1/centres/\(centre)/closure-calendar-imports\(query)", key: key, headers: headers)
    }
}
