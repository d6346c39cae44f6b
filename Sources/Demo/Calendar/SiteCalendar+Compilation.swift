import Centres
import Kernel

extension SiteCalendar {
    /// Two years back and eighteen months ahead of today, by the rules that the service itself applies.
    static func compile(_ network: PlannedNetwork, today: LocalDay) -> SiteCalendar {
        let days = today.adding(days: -7 * (Season.weeksBack + 1))...today.adding(days: OpeningHorizon().leastDays)
        let holidays = BelgianHolidays.all(in: days)
        let closed = Set(holidays.map(\.day))
        // Illustrative: one centre makes a bridge of the Friday after Ascension.
        let bridges = holidays.filter { $0.key == "holiday.ascension" }.map { (day: $0.day.adding(days: 1), reason: "Pont de l'Ascension") }
        let exceptions = network.sites.map { network.centres[$0.centre].name == "TechnoCampus" ? bridges : [] }
        let openHours = network.sites.enumerated().map { index, site in
            let level = OpeningLevel(
                rules: site.opening.rules,
                exceptions: Dictionary(exceptions[index].map { ($0.day, [LocalSpan]()) }, uniquingKeysWith: { first, _ in first }))
            let compiler = OpenHoursCompiler(levels: [level], closedDays: closed, zone: network.zone)
            return Dictionary(uniqueKeysWithValues: compiler.compile(days).map { ($0.day, $0.periods) })
        }
        return SiteCalendar(
            days: days, closedDays: holidays.map { ClosedDay(day: $0.day, reason: $0.key) }, exceptions: exceptions,
            openHours: openHours)
    }
}

extension WeeklyHours {
    fileprivate var rules: [OpeningRule] {
        hours.compactMap { hours in
            guard let opens = LocalTime(secondsSinceMidnight: hours.opens * 60),
                let closes = LocalTime(secondsSinceMidnight: hours.closes * 60)
            else { return nil }
            return OpeningRule(from: StoryDay.day(2020, 1, 1), to: nil, weekday: hours.weekday, opens: opens, closes: closes)
        }
    }
}
