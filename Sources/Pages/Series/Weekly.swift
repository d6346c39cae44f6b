import HTTPEdge
import Kernel

/// How a booking recurs: on these days of each week, until a last day.
struct Weekly: Sendable {
    private static let codes = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]

    /// 1, Monday, to 7; the day of the first occurrence is one of them.
    let weekdays: [Int]
    let last: LocalDay

    /// Nil where nobody asked for more than one time, or no last day can be read.
    init?(_ fields: FormFields) {
        guard let last = fields["until"].flatMap({ LocalDay($0) }) else { return nil }
        let first = fields["day"].flatMap { LocalDay($0) }
        weekdays = Set(Self.ticked(fields) + [first?.weekday].compactMap(\.self)).sorted()
        self.last = last
    }

    /// Days of the week that a form asks for, 1, Monday, to 7.
    static func ticked(_ fields: FormFields) -> [Int] {
        fields.all("on").compactMap { Int($0) }.filter { (1...7).contains($0) }
    }

    /// The value of an RRULE (RFC 5545, 3.3.10), up to the end of the last day in a zone.
    func rule(in zone: Zone) -> String {
        let end = zone.instant(of: last.adding(days: 1), .midnight) - .seconds(1)
        let until = end.rfc3339.filter { $0.isNumber || $0 == "T" || $0 == "Z" }
        return "FREQ=WEEKLY;BYDAY=\(weekdays.map { Self.codes[$0 - 1] }.joined(separator: ","));UNTIL=\(until)"
    }

    /// `Every week on Tuesday and Thursday, from 9 March to 1 June 2027`.
    func words(from first: LocalDay, _ speaker: Speaker) -> String {
        speaker.say(
            "page.series.rule",
            [
                "days": .list(weekdays.map { .text(speaker.say(TextKey(rawValue: "page.weekday.\($0)"))) }), "from": .day(first),
                "until": .day(last),
            ])
    }

    /// Names and values for a form or an address.
    var fields: [(name: String, value: String)] {
        weekdays.map { (name: "on", value: "\($0)") } + [(name: "until", value: last.description)]
    }
}
