import HTTPEdge
import Kernel

/// What a version of a sealed report says otherwise than the one before it.
struct SealedDifferenceView: Sendable {
    struct Row: Sendable {
        let what: String
        let before: String
        let after: String
    }

    let sentence: String
    let rows: [Row]

    init(_ answer: JSONValue, _ report: JSONValue, _ speaker: Speaker) {
        let words = FigureWords(report, speaker)
        let found = answer["differences"]?.items ?? []
        sentence = speaker.say(
            "page.sealed.difference",
            ["count": .number(found.count), "before": .text("\(answer["before"]?.integer ?? 1)")])
        rows = found.map { difference in
            let parts = (difference["path"]?.text ?? "").split(separator: "/").map(String.init)
            return Row(
                what: parts.map(words.name).joined(separator: " › ").capitalisedFirst,
                before: words.value(difference["before"], of: parts.last), after: words.value(difference["after"], of: parts.last))
        }
    }
}

/// Says in words what the members of a report are called, and what they hold.
private struct FigureWords {
    private let resources: [String: String]
    private let speaker: Speaker

    init(_ report: JSONValue, _ speaker: Speaker) {
        let named = (report["resources"]?.items ?? []).compactMap { resource in
            resource["resourceId"]?.text.flatMap { id in resource["name"]?.text.map { (id, $0) } }
        }
        resources = Dictionary(named, uniquingKeysWith: { first, _ in first })
        self.speaker = speaker
    }

    /// A member, a resource, a status of the label, a kind of organisation, an audience or an activity; else the code itself.
    func name(_ part: String) -> String {
        if let resource = resources[part] { return resource }
        if let day = LocalDay(part) { return speaker.day(day) }
        return ["figure", "label", "organisationKind"].reversed().reduce(speaker.word(part)) { otherwise, kind in
            speaker.say("page.asDay", ["day": .word(TextKey(rawValue: "page.\(kind).\(part)"), otherwise: otherwise)])
        }
    }

    /// Minutes as hours and minutes, shares as percents, so finely that what differs is seen.
    func value(_ value: JSONValue?, of member: String?) -> String {
        guard let value, let member else { return "–" }
        guard let number = value.number else { return value.text.map(name) ?? "–" }
        if member.hasSuffix("inutes") { return time(number) }
        let isShare = ["occupancy", "availability", "use", "rate"].contains(member) || member.lowercased().hasSuffix("share")
        let rounded = ((isShare ? number * 100 : number) * 100).rounded() / 100
        return isShare ? speaker.say("page.asPercent", ["percent": .decimal(rounded)]) : speaker.figure(rounded)
    }

    /// `45 min`, `3 h`, `1 240 h 5 min`.
    private func time(_ minutes: Double) -> String {
        let rounded = (minutes * 100).rounded() / 100
        let hours = (rounded / 60).rounded(.towardZero)
        let rest = ((rounded - hours * 60) * 100).rounded() / 100
        if hours == 0 { return "\(speaker.figure(rest))\u{A0}min" }
        return "\(speaker.figure(hours))\u{A0}h" + (rest == 0 ? "" : "\u{A0}\(speaker.figure(rest))\u{A0}min")
    }
}
