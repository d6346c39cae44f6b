package import Kernel

/// The days of a rule from its first day on, one at a time; COUNT is heeded, UNTIL is not, since it may need a zone.
///
/// Ends when the rule does, when the calendar does, or when a hundred years have gone by without a day.
package struct RuleDays: Sequence, IteratorProtocol {
    /// A 29 February on a given weekday comes back within 40 years.
    static let longestGapInDays = 36_525

    private var periods: RulePeriods
    private let start: LocalDay
    private var pending: ArraySlice<LocalDay> = []
    private var left: Int
    private var giveUpAfter: LocalDay

    init(_ rule: RecurrenceRule, from start: LocalDay) {
        periods = RulePeriods(rule, from: start)
        self.start = start
        left = if case .count(let count) = rule.end { count } else { .max }
        giveUpAfter = start.adding(days: Self.longestGapInDays)
    }

    package mutating func next() -> LocalDay? {
        guard left > 0 else { return nil }
        while pending.isEmpty {
            guard let next = periods.nextDay, next <= giveUpAfter else { return nil }
            pending = periods.next()[...].drop { $0 < start }
        }
        let day = pending.removeFirst()
        giveUpAfter = day.adding(days: Self.longestGapInDays)
        left -= 1
        return day
    }
}

extension RecurrenceRule {
    /// The days of the rule, none of them before `start`; `start` is one only if the rule chooses it.
    package func days(from start: LocalDay) -> RuleDays { RuleDays(self, from: start) }
}
