import Kernel

/// A whole calendar (`VCALENDAR`), as a feed or as a part of a message.
struct CalendarDocument: Sendable {
    /// What a message asks of the calendar that gets it (RFC 5546).
    enum Method: String, Sendable {
        case request = "REQUEST"
        case cancel = "CANCEL"
        case publish = "PUBLISH"
    }

    /// Nil in a feed, which then is the calendar as it stands.
    var method: Method?
    var name: String?
    var description: String?
    var events: [CalendarEvent]

    static let mediaType = "text/calendar; charset=utf-8"

    var bytes: [UInt8] {
        var calendar = ICalendarWriter()
        calendar.component("VCALENDAR") { calendar in
            calendar.property("VERSION", "2.0")
            calendar.property("PRODID", "-//Plateau//Plateau 1.0//FR")
            calendar.property("CALSCALE", "GREGORIAN")
            if let method { calendar.property("METHOD", method.rawValue) }
            if method == nil { writeFeedProperties(to: &calendar) }
            for zone in zones { zone.write(to: &calendar) }
            for event in events { event.write(to: &calendar) }
        }
        return calendar.bytes
    }

    /// What programs that subscribe look at: of each the standard's and the one in use.
    ///
    /// No `X-WR-TIMEZONE`: every time has its zone, and programs that move those in UTC to that zone take the wrong one of an hour that
    /// the clocks show twice.
    private func writeFeedProperties(to calendar: inout ICalendarWriter) {
        calendar.text("NAME", name)
        calendar.text("X-WR-CALNAME", name)
        calendar.text("DESCRIPTION", description)
        calendar.text("X-WR-CALDESC", description)
        calendar.property("REFRESH-INTERVAL", "PT1H", parameters: "VALUE=DURATION")
        calendar.property("X-PUBLISHED-TTL", "PT1H")
    }

    /// The rules of every zone that an entry names, over the time of all of them.
    private var zones: [ICalendarZone] {
        let named = Dictionary(grouping: events) { $0.zone?.identifier ?? "" }
        return named.sorted { $0.key < $1.key }.compactMap { _, events in
            guard let zone = events.first?.zone, let start = events.map(\.period.start).min(), let end = events.map(\.period.end).max(),
                let window = Period(start: start, end: end)
            else { return nil }
            return ICalendarZone(zone, window: window)
        }
    }
}
