import HTTPEdge
import Kernel

extension MailLetter {
    /// The times as entries: each by itself with the request to take it in or out, those of a series together.
    ///
    /// RFC 5546 has one entry in such a request; it carries the identity that the feeds give it too.
    func calendars(from sender: MailAddress, to recipient: MailAddress, at date: Instant) -> [MailMessage.Calendar] {
        guard kind.bringsTime else { return [] }
        let events = groups.compactMap { event(of: $0, from: sender, to: recipient, at: date) }
        if bookings > 1 {
            return [MailMessage.Calendar(method: .publish, bytes: CalendarDocument(method: .publish, events: events).bytes)]
        }
        let method: CalendarDocument.Method = kind.takesOut ? .cancel : .request
        return events.map { MailMessage.Calendar(method: method, bytes: CalendarDocument(method: method, events: [$0]).bytes) }
    }

    /// The lines of each time of each booking, in order.
    private var groups: [[SQL.MailLines.Row]] {
        lines.reduce(into: []) { groups, line in
            let place = groups.firstIndex {
                $0[0].bookingId == line.bookingId && $0[0].starts == line.starts && $0[0].ends == line.ends
            }
            if let place { groups[place].append(line) } else { groups.append([line]) }
        }
    }

    private func event(
        of lines: [SQL.MailLines.Row], from sender: MailAddress, to recipient: MailAddress, at date: Instant
    ) -> CalendarEvent? {
        guard let first = lines.first, let period = Period(start: first.starts, end: first.ends) else { return nil }
        let resources = lines.map(\.resourceName).joined(separator: ", ")
        let number = lines.map(\.lineNumber).min() ?? first.lineNumber
        return CalendarEvent(
            uid: CalendarEvent.uid(of: first.bookingId, line: number), sequence: first.version - 1, stamp: date, created: first.createdAt,
            period: period, zone: Zone(first.zone), summary: "\(what) – \(resources)",
            location: "\(resources), \(first.siteName), \(first.town)", description: first.reference,
            status: kind.takesOut ? .cancelled : .init(ofBookingIn: first.state), isFree: kind.takesOut,
            invitation: bookings > 1
                ? nil : CalendarEvent.Invitation(organizer: sender.text, organizerName: "Plateau", attendee: recipient.text))
    }
}
