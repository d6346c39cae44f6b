import Crypto
import HTTPEdge
import Kernel

/// What a feed shows, in its reader's language.
struct FeedCalendar {
    typealias Entry = SQL.FeedEntries.Row

    let feed: SQL.OpenFeed.Row
    let entries: [Entry]
    let speaker: Speaker
    /// Where people reach the pages; empty where nobody said.
    let site: String

    var document: CalendarDocument {
        let shown = entries.prefix(Delivery.entriesAtMost)
        let isCut = entries.count > Delivery.entriesAtMost
        let name = feed.kind == FeedKind.person.rawValue ? speaker.say("calendar.mine", ["name": .text(feed.name)]) : feed.name
        return CalendarDocument(
            name: name,
            description: isCut ? speaker.say("calendar.cut", ["count": .number(Delivery.entriesAtMost)]) : nil,
            events: events(of: Array(shown)))
    }

    /// One for each time of a booking, whatever its lines; one for each line of what nothing may be told of.
    private func events(of entries: [Entry]) -> [CalendarEvent] {
        var groups: [Group: Int] = [:]
        var lines: [[Entry]] = []
        for entry in entries {
            let line = entry.reference == nil ? entry.lineNumber : nil
            let group = Group(booking: entry.bookingId, line: line, start: entry.starts, end: entry.ends)
            if let place = groups[group] {
                lines[place].append(entry)
            } else {
                groups[group] = lines.count
                lines.append([entry])
            }
        }
        let kind = FeedKind(rawValue: feed.kind)
        return lines.compactMap { lines in
            lines[0].reference == nil ? hidden(lines[0]) : BookingEntry(lines, in: kind, speaker, site)?.event
        }
    }

    private struct Group: Hashable {
        let booking: BookingID
        let line: Int16?
        let start: Instant
        let end: Instant
    }

    /// Somebody else's, or out of service: that it takes room, and nothing else.
    private func hidden(_ entry: Entry) -> CalendarEvent? {
        guard let period = Period(start: entry.starts, end: entry.ends) else { return nil }
        let isWhole = entry.seats >= entry.capacity
        let busy =
            isWhole
            ? Text("calendar.busy") : Text("calendar.busyPartly", ["taken": .number(entry.seats), "all": .number(entry.capacity)])
        let summary = speaker.say(entry.isOutage ? Text("calendar.outOfService") : busy)
        return CalendarEvent(
            uid: pseudonym(of: entry), sequence: 0, stamp: feed.createdAt, period: period, zone: Zone(entry.zone),
            summary: feed.kind == FeedKind.resource.rawValue ? summary : "\(summary) – \(entry.resourceName)",
            location: "\(entry.resourceName), \(entry.siteName), \(entry.town)", status: .confirmed, isFree: !isWhole, isPrivate: true)
    }

    /// Tells the booking apart in this feed, and is another in every other one.
    private func pseudonym(of entry: Entry) -> String {
        let digest = SHA256.hash(data: Array("\(feed.id) \(entry.bookingId) \(entry.lineNumber)".utf8))
        return digest.prefix(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "@plateau"
    }
}
