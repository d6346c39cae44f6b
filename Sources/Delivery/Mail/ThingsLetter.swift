import HTTPEdge
import Kernel

/// What a message about things that somebody has says, in its reader's language.
struct ThingsLetter {
    private let kind: MailKind
    private let things: [SQL.MailThings.Row]
    private let first: SQL.MailThings.Row
    private let speaker: Speaker
    private let site: String

    /// - Returns: nil where nothing is out any more.
    init?(_ kind: MailKind, _ things: [SQL.MailThings.Row], _ speaker: Speaker, site: String) {
        guard let first = things.first else { return nil }
        self.kind = kind
        self.things = things
        self.first = first
        self.speaker = speaker
        self.site = site
    }

    var subject: String {
        let what = things.count == 1 ? name(first) : speaker.say("mail.things", ["count": .number(things.count)])
        return speaker.say(TextKey(rawValue: "mail.\(kind.rawValue).subject"), ["what": .text(what), "when": due])
    }

    var text: String {
        var parts = [[speaker.say("mail.greeting")], [speaker.say(TextKey(rawValue: "mail.\(kind.rawValue).lead"), ["deadline": due])]]
        parts.append(
            things.map { thing in
                speaker.say(
                    "mail.thing", ["thing": .text(name(thing)), "site": .text("\(thing.siteName), \(thing.town)")])
            })
        parts.append(facts)
        if let booking = first.bookingId, !site.isEmpty { parts.append(["\(site)/bookings/\(booking)"]) }
        parts.append([speaker.say("mail.footer")])
        return parts.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    private var due: TextArgument { .instant(first.dueAt, in: Zone(first.zone)) }

    private func name(_ thing: SQL.MailThings.Row) -> String {
        guard let amount = thing.amount else { return thing.thing }
        return speaker.say("mail.items", ["count": .number(amount), "thing": .text(thing.thing)])
    }

    private var facts: [String] {
        var facts = [speaker.say("mail.takenBy", ["name": .text(first.takenBy)])]
        if let organisation = first.organisationName {
            facts.append(speaker.say("calendar.organisation", ["organisation": .text(organisation)]))
        }
        if let reference = first.bookingReference { facts.append(speaker.say("calendar.reference", ["reference": .text(reference)])) }
        return facts + [speaker.say("mail.returnTo", ["centre": .text(first.centreName)])]
    }
}
