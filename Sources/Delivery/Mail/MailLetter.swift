import HTTPEdge
import Kernel

/// What a message says, in its reader's language.
struct MailLetter {
    /// Further times of a series are counted, not listed.
    private static let timesAtMost = 60

    let kind: MailKind
    let lines: [SQL.MailLines.Row]
    private let first: SQL.MailLines.Row
    private let speaker: Speaker
    private let site: String

    /// - Returns: nil without a line.
    init?(_ kind: MailKind, _ lines: [SQL.MailLines.Row], _ speaker: Speaker, site: String) {
        guard let first = lines.first else { return nil }
        self.kind = kind
        self.lines = lines
        self.first = first
        self.speaker = speaker
        self.site = site
    }

    /// How many bookings it is about: several of a series.
    var bookings: Int { Set(lines.map(\.bookingId)).count }

    var subject: String {
        let when: TextArgument =
            bookings == 1
            ? .instant(first.starts, in: Zone(first.zone)) : .text(speaker.say("mail.dates", ["count": .number(bookings)]))
        return speaker.say(TextKey(rawValue: "mail.\(kind.rawValue).subject"), ["what": .text(what), "when": when])
    }

    var text: String {
        var parts = [[greeting], [speaker.say(TextKey(rawValue: "mail.\(kind.rawValue).lead"), ["deadline": deadline])]]
        parts.append(times)
        parts.append(facts)
        if !site.isEmpty, bookings == 1 { parts.append(["\(site)/bookings/\(first.bookingId)"]) }
        parts.append([speaker.say("mail.footer")])
        return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    /// Its title, or what the time is used for.
    var what: String {
        first.title ?? speaker.say("calendar.what", ["what": .word(TextKey(rawValue: "word.\(first.activity)"), otherwise: first.activity)])
    }

    private var greeting: String {
        guard !kind.isForDeciders, let name = first.contactName else { return speaker.say("mail.greeting") }
        return speaker.say("mail.greetingTo", ["name": .text(name)])
    }

    private var deadline: TextArgument {
        first.expiresAt.map { .instant($0, in: Zone(first.zone)) } ?? .text("")
    }

    private var times: [String] {
        let shown = lines.prefix(Self.timesAtMost).map { line in
            let zone = Zone(line.zone)
            let time = TextArgument.span(.instant(line.starts, in: zone), .instant(line.ends, in: zone))
            return speaker.say(
                line.capacity > 1 ? "mail.timeWithPlaces" : "mail.time",
                [
                    "resource": .text(line.resourceName), "site": .text("\(line.siteName), \(line.town)"), "time": time,
                    "taken": .number(line.seats), "all": .number(line.capacity),
                ])
        }
        let left = lines.count - shown.count
        return left > 0 ? shown + [speaker.say("mail.further", ["count": .number(left)])] : shown
    }

    private var facts: [String] {
        var facts = [
            speaker.say("calendar.reference", ["reference": .text(first.reference)]),
            speaker.say("calendar.organisation", ["organisation": .text(first.organisationName)]),
        ]
        if bookings > 1 { facts.removeFirst() }
        if first.state == "conditional" { facts.append(speaker.say("mail.conditional")) }
        // Of the network's own decisions it is a code.
        if let reason = first.reason, ["rejected", "cancelledByUser", "cancelledByCentre"].contains(first.state) {
            facts.append(speaker.say("mail.reason", ["reason": .text(reason)]))
        }
        return facts
    }
}
