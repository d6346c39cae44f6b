import Kernel

extension RecurrenceRule {
    /// A rule of bookings that needs more is a mistake, or meant to do harm.
    static let longestInterval = 1_000
    static let highestCount = 10_000

    /// Reads the value of an RRULE, such as `FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20270630T215959Z`, in either case.
    package init(_ text: some StringProtocol) throws(RuleFault) {
        let parts = try RuleParts(text)
        self.init(
            frequency: try Self.frequency(parts),
            interval: try parts.number("INTERVAL", in: 1...Self.longestInterval) ?? 1,
            end: try Self.end(parts),
            months: try parts.numbers("BYMONTH", upTo: 12, orNegative: false),
            monthDays: try parts.numbers("BYMONTHDAY", upTo: 31, orNegative: true),
            weekdays: try Self.weekdays(parts),
            positions: try parts.numbers("BYSETPOS", upTo: 366, orNegative: true),
            weekStart: try Self.weekStart(parts))
        try refuseMisplaced(parts)
    }

    private static func frequency(_ parts: RuleParts) throws(RuleFault) -> Frequency {
        let allowed = Frequency.allCases.map(\.rawValue).joined(separator: ", ")
        guard let text = parts["FREQ"] else { throw RuleFault("FREQ", .missing, found: "", allowed: allowed) }
        guard let frequency = Frequency(rawValue: text) else {
            let isStandard = ["SECONDLY", "MINUTELY", "HOURLY"].contains(text)
            throw RuleFault("FREQ", isStandard ? .unsupported : .malformed, found: text, allowed: allowed)
        }
        return frequency
    }

    private static func end(_ parts: RuleParts) throws(RuleFault) -> End {
        let count = try parts.number("COUNT", in: 1...highestCount)
        guard let text = parts["UNTIL"] else { return count.map(End.count) ?? .never }
        guard count == nil else { throw RuleFault("UNTIL", .misplaced, found: text, allowed: "UNTIL, COUNT=…") }
        switch RecurrenceDate(text) {
        case .day(let day): return .day(day)
        case .instant(let instant): return .instant(instant)
        // A local time would leave open which of two it is (RFC 5545, section 3.3.10: UTC when the start has a zone).
        case .local, nil: throw RuleFault("UNTIL", .malformed, found: text, allowed: "20271231T225959Z, 20271231")
        }
    }

    private static func weekdays(_ parts: RuleParts) throws(RuleFault) -> Set<WeekdayChoice> {
        var weekdays: Set<WeekdayChoice> = []
        for text in parts.entries("BYDAY") {
            let ordinal = text.count > 2 ? RuleParts.signed(text.dropLast(2)) : nil
            guard let weekday = Weekday(code: text.suffix(2)), text.count == 2 || (1...53).contains(abs(ordinal ?? 0)) else {
                let codes = Weekday.codes.joined(separator: ", ")
                throw RuleFault("BYDAY", .malformed, found: text, allowed: "\(codes), 1..53MO, -53..-1MO")
            }
            weekdays.insert(WeekdayChoice(ordinal: ordinal, weekday: weekday))
        }
        return weekdays
    }

    private static func weekStart(_ parts: RuleParts) throws(RuleFault) -> Weekday {
        guard let text = parts["WKST"] else { return .monday }
        guard let weekday = Weekday(code: text) else {
            throw RuleFault("WKST", .malformed, found: text, allowed: Weekday.codes.joined(separator: ", "))
        }
        return weekday
    }

    /// The table of section 3.3.10: which part goes with which frequency.
    private func refuseMisplaced(_ parts: RuleParts) throws(RuleFault) {
        if frequency == .weekly, let text = parts["BYMONTHDAY"] {
            throw RuleFault("BYMONTHDAY", .misplaced, found: text, allowed: "FREQ=DAILY, FREQ=MONTHLY, FREQ=YEARLY")
        }
        if frequency == .weekly || frequency == .daily, weekdays.contains(where: { $0.ordinal != nil }) {
            throw RuleFault("BYDAY", .misplaced, found: parts["BYDAY"] ?? "", allowed: Weekday.codes.joined(separator: ", "))
        }
        if let text = parts["BYSETPOS"], months.isEmpty, monthDays.isEmpty, weekdays.isEmpty {
            throw RuleFault("BYSETPOS", .misplaced, found: text, allowed: "BYDAY=…, BYMONTHDAY=…, BYMONTH=…")
        }
    }
}
