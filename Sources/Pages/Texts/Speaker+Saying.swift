import HTTPEdge
import Kernel

/// Says what pages show most often.
extension Speaker {
    func day(_ day: LocalDay) -> String {
        say("page.asDay", ["day": .day(day)])
    }

    /// With the day of the week.
    func weekday(_ day: LocalDay) -> String {
        say("page.asWeekday", ["weekday": .text(weekdayName(day)), "day": .day(day)])
    }

    func weekdayName(_ day: LocalDay) -> String {
        say(TextKey(rawValue: "page.weekday.\(day.weekday)"))
    }

    func moment(_ instant: Instant, _ zone: Zone) -> String {
        say("page.asDay", ["day": .instant(instant, in: zone)])
    }

    /// From one moment to another, the day named once.
    func span(_ period: Period, _ zone: Zone) -> String {
        say("page.asDay", ["day": .span(.instant(period.start, in: zone), .instant(period.end, in: zone))])
    }

    /// `08:00–12:00`.
    func times(_ period: Period, _ zone: Zone) -> String {
        let end =
            zone.day(of: period.end) > zone.day(of: period.start) && zone.time(of: period.end) == .midnight
            ? "24:00" : zone.time(of: period.end).description
        return "\(zone.time(of: period.start))–\(end)"
    }

    /// `08:30`.
    func clock(_ instant: Instant, _ zone: Zone) -> String {
        String(zone.time(of: instant).description.prefix(5))
    }

    /// Why a booking went on, as the service says it in a word, else as somebody wrote it.
    func stepReason(_ reason: String) -> String {
        say("page.asDay", ["day": .word(TextKey(rawValue: "page.step.\(reason)"), otherwise: reason)])
    }

    /// A word of the catalogue, else the code itself.
    func word(_ code: String) -> String {
        say("page.asDay", ["day": .word(TextKey(rawValue: "word.\(code)"), otherwise: code)])
    }

    /// What a sector is called, whether it is written as a code or in words: `food-trades`, `food trades`.
    func sector(_ code: String) -> String { name("sector", code) }

    func technology(_ code: String) -> String { name("technology", code) }

    private func name(_ kind: String, _ code: String) -> String {
        let key = TextKey(rawValue: "\(kind).\(code.lowercased().replacing(" ", with: "-"))")
        return say("page.asDay", ["day": .word(key, otherwise: code)])
    }

    /// So many of an audience: `1 job seeker`; of one that a network has added, with its code.
    func people(_ audience: String, _ count: Int) -> String {
        let key: TextKey = BookingChoice.audiences.contains(audience) ? TextKey(rawValue: "page.people.\(audience)") : "page.people"
        return say(key, ["count": .number(count), "audience": .text(audience)])
    }

    /// Who decided; codes are said as words, anything else as it is written.
    func authority(_ code: String) -> String {
        say("page.asDay", ["day": .word(TextKey(rawValue: "page.authority.\(code)"), otherwise: code)])
    }

    /// A figure of a table, its thousands apart: `10 240,5`, `10,240.5`.
    func figure(_ value: Double) -> String {
        let text = number(value)
        let whole = text.prefix { $0.isNumber }
        let separator = language == .french ? "\u{202F}" : ","
        let grouped = whole.reversed().enumerated().reduce("") { grouped, digit in
            String(digit.element) + (digit.offset > 0 && digit.offset % 3 == 0 ? separator : "") + grouped
        }
        return grouped + text.dropFirst(whole.count)
    }

    func list(_ items: [String]) -> String {
        say("page.asDay", ["day": .list(items.map { .text($0) })])
    }

    func number(_ value: Double) -> String {
        say("page.asDay", ["day": .decimal(value)])
    }

    /// A share of 0 to 1, without decimals.
    func percent(_ share: Double) -> String {
        say("page.asPercent", ["percent": .decimal((share * 100).rounded())])
    }
}

extension Instant {
    /// The day that it is where the network is; only to suggest days, each resource has its own zone.
    var dayOfNetwork: LocalDay {
        Zone("Europe/Brussels")?.day(of: self) ?? LocalDay(daysSince1970: Int32(microsecondsSince1970 / 86_400_000_000))
    }
}

extension LocalDay {
    /// When it begins in the network.
    var startInNetwork: Instant? { Zone("Europe/Brussels")?.instant(of: self, .midnight) }
}

extension String {
    /// With a capital, as a heading or a cell begins.
    var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
