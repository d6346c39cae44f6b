import Kernel

/// A calendar of closures that there is nothing wrong with, of every kind of event that is taken.
struct RandomClosureCalendar {
    static let zones = ["Europe/Brussels", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]

    let text: String
    let zone: String
    /// How many of its components are closures.
    private(set) var events = 0

    init(using random: inout SplitMix64) {
        zone = Self.zones.randomElement(using: &random) ?? "UTC"
        var lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//fictif//closures//FR"]
        for number in 0..<Int.random(in: 1...4, using: &random) {
            let event = RandomClosure(uid: "closure-\(number)@fictif", using: &random)
            for component in event.components {
                events += 1
                lines += ["BEGIN:VEVENT"] + component + ["END:VEVENT"]
            }
        }
        lines.append("END:VCALENDAR")
        text = lines.map { Self.folded($0) + "\r\n" }.joined()
    }

    /// At 75 octets; all of them are ASCII.
    private static func folded(_ line: String) -> String {
        var rest = line[...]
        var parts: [Substring] = []
        while rest.count > 70 {
            parts.append(rest.prefix(70))
            rest = rest.dropFirst(70)
        }
        return (parts + [rest]).joined(separator: "\r\n ")
    }
}

/// One closure: a single one or a series, with exceptions and occurrences that are elsewhere or cancelled.
private struct RandomClosure {
    private(set) var components: [[String]] = []
    private let uid: String
    private let day: LocalDay
    /// Seconds after midnight; nil: whole days.
    private let time: Int?
    /// A parameter with the zone, such as `;TZID=Europe/Brussels`; `Z`: UTC; empty: the zone of the place.
    private let clock: String

    init(uid: String, using random: inout SplitMix64) {
        self.uid = uid
        // From 2025 to 2028; half of those with a time near the hours that clocks skip or repeat.
        day = LocalDay(daysSince1970: Int32.random(in: 20_089...21_500, using: &random))
        let quarter = Bool.random(using: &random) ? Int.random(in: 0...15, using: &random) : Int.random(in: 0...95, using: &random)
        time = Int.random(in: 0..<3, using: &random) == 0 ? nil : quarter * 900 + (Bool.random(using: &random) ? 37 : 0)
        let clocks = ["", "Z", ";TZID=Europe/Brussels", ";TZID=America/New_York", ";TZID=\"Australia/Lord_Howe\""]
        clock = clocks.randomElement(using: &random) ?? ""
        let length = Self.length(from: day, isWhole: time == nil, using: &random)
        let isCancelled = Int.random(in: 0..<12, using: &random) == 0
        var main = ["UID:\(uid)", "DTSTAMP:20260101T000000Z", stamp("DTSTART", day)] + length
        main.append("SUMMARY:\(String(repeating: "Fermeture ", count: Int.random(in: 1...12, using: &random)))")
        if isCancelled { main.append("STATUS:CANCELLED") }
        let step = Int.random(in: 1...3, using: &random)
        let isWeekly = Bool.random(using: &random)
        let stride = step * (isWeekly ? 7 : 1)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: break
        case 1: main.append(stamp("RDATE", day.adding(days: Int.random(in: 1...90, using: &random))))
        case 2: main.append("RRULE:\(calendarRule(step, using: &random))\(end(using: &random))")
        default:
            main.append("RRULE:FREQ=\(isWeekly ? "WEEKLY" : "DAILY");INTERVAL=\(step)\(end(using: &random))")
            if Bool.random(using: &random) { main.append(stamp("EXDATE", day.adding(days: 3 * stride))) }
            if Bool.random(using: &random) { main.append(stamp("RDATE", day.adding(days: 17 * stride + 1))) }
            if !isCancelled, Bool.random(using: &random) {
                let original = day.adding(days: stride)
                let moved = original.adding(days: Int.random(in: -2...2, using: &random))
                components.append(
                    ["UID:\(uid)", "DTSTAMP:20260101T000000Z", stamp("RECURRENCE-ID", original), stamp("DTSTART", moved)]
                        + Self.length(from: moved, isWhole: time == nil, using: &random)
                        + (Bool.random(using: &random) ? ["STATUS:CANCELLED"] : []))
            }
        }
        components.insert(main, at: Bool.random(using: &random) ? 0 : components.count)
    }

    private func stamp(_ name: String, _ day: LocalDay) -> String {
        let date = day.description.replacing("-", with: "")
        guard let time else { return "\(name);VALUE=DATE:\(date)" }
        let digits = [time / 3_600, time / 60 % 60, time % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined()
        return clock == "Z" ? "\(name):\(date)T\(digits)Z" : "\(name)\(clock):\(date)T\(digits)"
    }

    private static func length(from day: LocalDay, isWhole: Bool, using random: inout SplitMix64) -> [String] {
        if isWhole {
            let days = Int.random(in: 1...20, using: &random)
            let end = day.adding(days: days).description.replacing("-", with: "")
            return [[], ["DTEND;VALUE=DATE:\(end)"], ["DURATION:P\(days)D"], ["DURATION:P1W"]].randomElement(using: &random) ?? []
        }
        return ["DURATION:\(["PT45M", "PT3H20M", "PT9H", "P1DT30M", "PT30H", "PT10S"].randomElement(using: &random) ?? "PT1H")"]
    }

    /// A rule that chooses the first day.
    private func calendarRule(_ step: Int, using random: inout SplitMix64) -> String {
        let code = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"][day.weekday - 1]
        let other = ["MO", "WE", "SA"].randomElement(using: &random) ?? "MO"
        return [
            "FREQ=WEEKLY;INTERVAL=\(step);BYDAY=\(code == other ? code : "\(code),\(other)")", "FREQ=MONTHLY;INTERVAL=\(step)",
            "FREQ=MONTHLY;BYDAY=\((day.day - 1) / 7 + 1)\(code)", "FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=\(day.month);BYMONTHDAY=\(day.day)",
        ].randomElement(using: &random) ?? "FREQ=YEARLY"
    }

    /// Far enough for what is left out and moved.
    private func end(using random: inout SplitMix64) -> String {
        let last = day.adding(days: Int.random(in: 200...900, using: &random)).description.replacing("-", with: "")
        return switch Int.random(in: 0..<3, using: &random) {
        case 0: ";COUNT=\(Int.random(in: 5...200, using: &random))"
        // UTC goes with a start that has a zone (RFC 5545, section 3.3.10); others read it by the clock of one that has none.
        case 1 where time == nil: ";UNTIL=\(last)"
        case 1 where !clock.isEmpty: ";UNTIL=\(last)T101112Z"
        default: ""
        }
    }
}
