import HTTPEdge
import Kernel

/// The lines of a booking that its reader may read, all at one time, as an entry of a calendar.
struct BookingEntry {
    private let first: SQL.FeedEntries.Row
    private let lines: [SQL.FeedEntries.Row]
    private let kind: FeedKind?
    private let speaker: Speaker
    private let site: String

    /// - Returns: nil without a line.
    init?(_ lines: [SQL.FeedEntries.Row], in kind: FeedKind?, _ speaker: Speaker, _ site: String) {
        guard let first = lines.first else { return nil }
        self.first = first
        self.lines = lines
        self.kind = kind
        self.speaker = speaker
        self.site = site
    }

    var event: CalendarEvent? {
        guard let period = Period(start: first.starts, end: first.ends) else { return nil }
        let status = CalendarEvent.Status(ofBookingIn: first.state ?? "")
        return CalendarEvent(
            uid: CalendarEvent.uid(of: first.bookingId, line: first.lineNumber), sequence: (first.version ?? 1) - 1,
            stamp: first.changedAt ?? first.starts, created: first.createdAt, period: period, zone: Zone(first.zone),
            summary: status == .cancelled ? speaker.say("calendar.cancelled", ["what": .text(summary)]) : summary,
            location: "\(resources), \(first.siteName), \(first.town)", description: details.joined(separator: "\n"),
            coordinates: coordinates, category: activity, status: status,
            isFree: status == .cancelled || ["waitlisted", "suspended"].contains(first.state ?? ""),
            url: site.isEmpty ? nil : "\(site)/bookings/\(first.bookingId)")
    }

    private var activity: String {
        let code = first.activity ?? ""
        return speaker.say("calendar.what", ["what": .word(TextKey(rawValue: "word.\(code)"), otherwise: code)])
    }

    private var resources: String {
        lines.map(\.resourceName).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.joined(separator: ", ")
    }

    private var summary: String {
        let what = first.title ?? activity
        return switch kind {
        case .resource: "\(first.organisationName ?? "") – \(what)"
        case .site, .centre: "\(first.organisationName ?? "") – \(what) – \(resources)"
        case .organisation, .person, nil: "\(what) – \(resources)"
        }
    }

    private var coordinates: (latitude: Double, longitude: Double)? {
        guard let latitude = first.latitude, let longitude = first.longitude else { return nil }
        return (latitude, longitude)
    }

    private var details: [String] {
        let state = first.state ?? ""
        var details = [
            speaker.say("calendar.reference", ["reference": .text(first.reference ?? "")]),
            speaker.say("calendar.state", ["state": .word(TextKey(rawValue: "state.\(state)"), otherwise: state)]),
            speaker.say("calendar.organisation", ["organisation": .text(first.organisationName ?? "")]),
            activity,
        ]
        for line in lines where line.capacity > 1 {
            details.append(
                speaker.say(
                    "calendar.seats",
                    ["resource": .text(line.resourceName), "taken": .number(line.seats), "all": .number(line.capacity)]))
        }
        return details
    }
}

extension CalendarEvent {
    /// Of the line with the lowest number among those of one time.
    static func uid(of booking: BookingID, line: Int16) -> String {
        "\(booking)-\(line)@plateau"
    }
}

extension CalendarEvent.Status {
    init(ofBookingIn state: String) {
        self =
            switch state {
            case "confirmed", "inUse", "completed": .confirmed
            case "requested", "waitlisted", "held", "conditional", "suspended", "draft": .tentative
            default: .cancelled
            }
    }
}
