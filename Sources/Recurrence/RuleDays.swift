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
    private let last: LocalDay?
    /// How many days, weeks, months or years were gone through.
    private(set) var periodsLookedAt = 0

    init(_ rule: RecurrenceRule, from start: LocalDay, through last: LocalDay? = nil) {
        periods = RulePeriods(rule, from: start)
        self.start = start
        left = if case .count(let count) = rule.end { count } else { .max }
        giveUpAfter = start.adding(days: Self.longestGapInDays)
        self.last = last
    }

    package mutating func next() -> LocalDay? {
        guard left > 0 else { return nil }
        while pending.isEmpty {
            guard let next = periods.nextDay, next <= Swift.min(giveUpAfter, last ?? giveUpAfter) else { return nil }
            periodsLookedAt += 1
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
    /// - Parameter last: no period that begins later is looked at; nil: whatever the rule has.
    package func days(from start: LocalDay, through last: LocalDay? = nil) -> RuleDays {
        RuleDays(self, from: start, through: last)
    }
}
