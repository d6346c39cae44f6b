package import Kernel

/// Turns rules into open periods: weekly opening, less closed days, in a zone.
///
/// Pure.
///
/// Rules speak local time, so an opening from 00:00 to 24:00 lasts 23 hours on the day when the clocks go forward and 25 on the
/// day when they go back. A time that happens twice is the first one; one that does not exist moves forward by the gap.
package struct OpenHoursCompiler: Sendable {
    private let rules: [OpeningRule]
    private let closedDays: Set<LocalDay>
    private let zone: Zone

    package init(rules: [OpeningRule], closedDays: Set<LocalDay>, zone: Zone) {
        self.rules = rules
        self.closedDays = closedDays
        self.zone = zone
    }

    /// The open periods of a day, in order, none touching the next.
    package func periods(on day: LocalDay) -> [Period] {
        guard !closedDays.contains(day) else { return [] }
        let periods = rules.filter { $0.applies(on: day) }.compactMap { rule in
            Period(start: zone.instant(of: day, rule.opens), end: zone.instant(of: day, rule.closes))
        }
        return Self.joined(periods)
    }

    /// The days that are open at all, each with its periods.
    package func compile(_ days: ClosedRange<LocalDay>) -> [OpenDay] {
        (0...days.upperBound.days(since: days.lowerBound)).map { days.lowerBound.adding(days: $0) }
            .map { OpenDay(day: $0, periods: periods(on: $0)) }
            .filter { !$0.periods.isEmpty }
    }

    /// Periods that touch or overlap become one: adjacent rules leave no seam, and a gap in local time cannot make two collide.
    private static func joined(_ periods: [Period]) -> [Period] {
        periods.sorted { $0.start < $1.start }.reduce(into: []) { joined, period in
            guard let last = joined.last, period.start <= last.end,
                let both = Period(start: last.start, end: max(last.end, period.end))
            else { return joined.append(period) }
            joined[joined.count - 1] = both
        }
    }
}

/// A local day with its open periods.
package struct OpenDay: Hashable, Sendable {
    package let day: LocalDay
    package let periods: [Period]
}
