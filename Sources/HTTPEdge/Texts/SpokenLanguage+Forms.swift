import Kernel

/// How each language says numbers, days and lists (Unicode CLDR, `fr` and `en-GB`).
extension SpokenLanguage {
    /// Whether a word that goes with this number stands in the singular.
    func saysOne(of quantity: Double) -> Bool {
        switch self {
        case .french: abs(quantity) < 2
        case .english: quantity == 1
        }
    }

    /// At most two decimals.
    func number(_ value: Double) -> String {
        let hundredths = (value * 100).rounded()
        guard abs(hundredths) < 1e15 else { return String(value) }
        let whole = Int64(hundredths.magnitude) / 100
        let rest = Int64(hundredths.magnitude) % 100
        let sign = hundredths < 0 ? "-" : ""
        guard rest > 0 else { return "\(sign)\(whole)" }
        let decimals = rest % 10 == 0 ? String(rest / 10) : rest < 10 ? "0\(rest)" : String(rest)
        return sign + String(whole) + (self == .french ? "," : ".") + decimals
    }

    /// `1er mars 2026`, `1 March 2026`.
    func day(_ day: LocalDay) -> String {
        switch self {
        case .french: "\(day.day)\(day.day == 1 ? "er" : "") \(Self.frenchMonths[day.month - 1]) \(day.year)"
        case .english: "\(day.day) \(Self.englishMonths[day.month - 1]) \(day.year)"
        }
    }

    /// `08:30`.
    func time(_ time: LocalTime) -> String {
        String(time.description.prefix(5))
    }

    func moment(_ day: LocalDay, _ time: LocalTime) -> String {
        "\(self.day(day)) \(self == .french ? "à" : "at") \(self.time(time))"
    }

    /// Names the day once when both moments are of one day.
    func span(from start: (day: LocalDay, time: LocalTime), to end: (day: LocalDay, time: LocalTime)) -> String {
        guard start.day == end.day else { return "\(moment(start.day, start.time)) – \(moment(end.day, end.time))" }
        return switch self {
        case .french: "\(day(start.day)) de \(time(start.time)) à \(time(end.time))"
        case .english: "\(day(start.day)) from \(time(start.time)) to \(time(end.time))"
        }
    }

    /// `a, b et c`, `a, b and c`.
    func list(_ items: [String]) -> String {
        guard let last = items.last, items.count > 1 else { return items.first ?? "" }
        return items.dropLast().joined(separator: ", ") + (self == .french ? " et " : " and ") + last
    }

    private static let frenchMonths = [
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ]

    private static let englishMonths = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ]
}
