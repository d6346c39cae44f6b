package import Kernel

/// Turns what calendars say into open periods in a zone.
///
/// Pure.
///
/// The first level is the site's; each further one is that of a resource inside the one before. Of a day, the first of these holds:
///
/// 1. the exception of a level for that day;
/// 2. for the site: closed on a closed day of the centre, else its weekly opening;
/// 3. for a resource with a weekly opening of its own: that; where the level above has an exceptional day (an exception or a closed
///    day), only what is open there too;
/// 4. for another resource: what holds above it.
///
/// What a calendar of closures closes on a day is then taken away from all of them.
///
/// Times are local, so an opening from 00:00 to 24:00 lasts 23 hours on the day when the clocks go forward and 25 on the day when they
/// go back. A time that happens twice is the first one; one that does not exist moves forward by the gap. Nothing reaches into
/// another day, and a day that the zone skipped has no hours.
package struct OpenHoursCompiler: Sendable {
    private let levels: [OpeningLevel]
    private let closedDays: Set<LocalDay>
    private let closings: [LocalDay: [LocalSpan]]
    private let zone: Zone

    package init(levels: [OpeningLevel], closedDays: Set<LocalDay>, closings: [LocalDay: [LocalSpan]] = [:], zone: Zone) {
        self.levels = levels
        self.closedDays = closedDays
        self.closings = closings
        self.zone = zone
    }

    /// A site without exceptions.
    package init(rules: [OpeningRule], closedDays: Set<LocalDay>, zone: Zone) {
        self.init(levels: [OpeningLevel(rules: rules)], closedDays: closedDays, zone: zone)
    }

    /// The open periods of a day, in order, none touching the next.
    package func periods(on day: LocalDay) -> [Period] {
        guard let whole = zone.period(of: day) else { return [] }
        var hours: [Period] = []
        var isExceptional = false
        for (index, level) in levels.enumerated() {
            if let exception = level.exceptions[day] {
                hours = periods(exception, of: day, in: whole)
                isExceptional = true
            } else if index == 0 {
                isExceptional = closedDays.contains(day)
                hours = isExceptional ? [] : periods(level.weekly(on: day), of: day, in: whole)
            } else if level.isOwn(on: day) {
                let own = periods(level.weekly(on: day), of: day, in: whole)
                hours = isExceptional ? Self.common(own, hours) : own
            }
        }
        return Self.remaining(of: Self.joined(hours), without: Self.joined(periods(closings[day] ?? [], of: day, in: whole)))
    }

    /// The days that are open at all, each with its periods.
    package func compile(_ days: ClosedRange<LocalDay>) -> [OpenDay] {
        (0...days.upperBound.days(since: days.lowerBound)).map { days.lowerBound.adding(days: $0) }
            .map { OpenDay(day: $0, periods: periods(on: $0)) }
            .filter { !$0.periods.isEmpty }
    }

    private func periods(_ spans: [LocalSpan], of day: LocalDay, in whole: Period) -> [Period] {
        spans.compactMap { span in
            Period(
                start: max(whole.start, zone.instant(of: day, span.opens)), end: min(whole.end, zone.instant(of: day, span.closes)))
        }
    }

    /// What is in both: by instants, since of two local times around a change of the clocks the later one can come first.
    private static func common(_ some: [Period], _ others: [Period]) -> [Period] {
        some.flatMap { one in
            others.compactMap { Period(start: max(one.start, $0.start), end: min(one.end, $0.end)) }
        }
    }

    /// Both in order, without overlaps.
    private static func remaining(of periods: [Period], without closed: [Period]) -> [Period] {
        var closed = closed[...]
        return periods.flatMap { period in
            closed = closed.drop { $0.end <= period.start }
            let within = closed.prefix { $0.start < period.end }
            return zip([period.start] + within.map(\.end), within.map(\.start) + [period.end]).compactMap {
                Period(start: max($0, period.start), end: min($1, period.end))
            }
        }
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
