/// The weekly opening of a site.
enum WeeklyHours: Sendable {
    /// Monday to Friday, 08:00 to 18:00.
    case weekdays
    /// With Saturday morning.
    case saturdays
    /// With evenings on Tuesday and Thursday.
    case evenings

    struct Hours: Sendable {
        /// Monday is 1.
        let weekday: Int
        /// Minutes after midnight.
        let opens: Int
        let closes: Int
    }

    var hours: [Hours] {
        (1...5).map { weekday in
            let isEvening = self == .evenings && (weekday == 2 || weekday == 4)
            return Hours(weekday: weekday, opens: 480, closes: isEvening ? 1_290 : 1_080)
        } + (self == .saturdays ? [Hours(weekday: 6, opens: 510, closes: 780)] : [])
    }

    /// Illustrative: digital and food centres teach in the evening at their first site, outdoor trades on Saturday.
    static func usual(at place: Int, of centre: PublicFacts.Centre) -> WeeklyHours {
        guard place == 0 else { return .weekdays }
        let sectors = Set(centre.sectors[0])
        if !sectors.isDisjoint(with: ["ICT", "food trades", "management"]) { return .evenings }
        if !sectors.isDisjoint(with: ["horticulture", "construction", "wood"]) { return .saturdays }
        return .weekdays
    }
}
