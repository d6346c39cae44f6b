import Kernel

/// How far ahead open hours are compiled.
package struct OpeningHorizon: Hashable, Sendable {
    /// Always compiled, counted from today: 18 months.
    package let leastDays: Int
    /// Compiled beyond that each time, so that the weekly extension is never late.
    package let marginDays: Int

    package init(leastDays: Int = 549, marginDays: Int = 31) {
        self.leastDays = leastDays
        self.marginDays = marginDays
    }

    /// A site whose compiled days end before this day is extended.
    func least(from today: LocalDay) -> LocalDay { today.adding(days: leastDays) }

    /// The day up to which it is then compiled, included.
    func end(from today: LocalDay) -> LocalDay { today.adding(days: leastDays + marginDays) }
}
