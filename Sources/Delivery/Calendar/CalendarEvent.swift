import Kernel

/// One entry of a calendar (`VEVENT`).
struct CalendarEvent: Sendable {
    enum Status: String, Sendable {
        case confirmed = "CONFIRMED"
        case tentative = "TENTATIVE"
        case cancelled = "CANCELLED"
    }

    /// The same for as long as the entry lives.
    var uid: String
    /// Grows with each change.
    var sequence: Int32
    /// When it was last changed; of a message of mail, when that was made.
    var stamp: Instant
    var created: Instant?
    var period: Period
    var zone: Zone?
    var summary: String
    var location: String?
    var description: String?
    var coordinates: (latitude: Double, longitude: Double)?
    var category: String?
    var status: Status
    /// Whether somebody whose time it is may be elsewhere.
    var isFree = false
    /// Whether calendars that are shared should hide it.
    var isPrivate = false
    var url: String?
    /// Only in a message: who invites, and who is invited.
    var invitation: Invitation?

    struct Invitation: Sendable {
        let organizer: String
        let organizerName: String
        let attendee: String
    }
}

extension CalendarEvent {
    func write(to calendar: inout ICalendarWriter) {
        calendar.component("VEVENT") { calendar in
            calendar.property("UID", uid)
            calendar.property("SEQUENCE", "\(sequence)")
            calendar.property("DTSTAMP", ICalendarTime.utc(stamp))
            calendar.property("LAST-MODIFIED", ICalendarTime.utc(stamp))
            if let created { calendar.property("CREATED", ICalendarTime.utc(created)) }
            writeTimes(to: &calendar)
            calendar.text("SUMMARY", summary)
            calendar.text("LOCATION", location)
            calendar.text("DESCRIPTION", description)
            if let coordinates { calendar.property("GEO", "\(coordinates.latitude);\(coordinates.longitude)") }
            calendar.text("CATEGORIES", category)
            if let url { calendar.property("URL", url) }
            calendar.property("STATUS", status.rawValue)
            calendar.property("TRANSP", isFree ? "TRANSPARENT" : "OPAQUE")
            // Outlook reads the time of an entry from this.
            calendar.property("X-MICROSOFT-CDO-BUSYSTATUS", isFree ? "FREE" : status == .tentative ? "TENTATIVE" : "BUSY")
            if isPrivate { calendar.property("CLASS", "PRIVATE") }
            if let invitation { writeInvitation(invitation, to: &calendar) }
        }
    }

    /// In the zone where that says the same instants, else in UTC.
    private func writeTimes(to calendar: inout ICalendarWriter) {
        if let zone, let start = ICalendarTime.local(period.start, in: zone), let end = ICalendarTime.local(period.end, in: zone) {
            calendar.property("DTSTART", start, parameters: "TZID=\(zone.identifier)")
            calendar.property("DTEND", end, parameters: "TZID=\(zone.identifier)")
        } else {
            calendar.property("DTSTART", ICalendarTime.utc(period.start))
            calendar.property("DTEND", ICalendarTime.utc(period.end))
        }
    }

    private func writeInvitation(_ invitation: Invitation, to calendar: inout ICalendarWriter) {
        calendar.property(
            "ORGANIZER", "mailto:\(invitation.organizer)", parameters: "CN=\(ICalendarWriter.quoted(invitation.organizerName))")
        calendar.property(
            "ATTENDEE", "mailto:\(invitation.attendee)", parameters: "CUTYPE=INDIVIDUAL", "ROLE=REQ-PARTICIPANT", "PARTSTAT=ACCEPTED",
            "RSVP=FALSE")
    }
}
