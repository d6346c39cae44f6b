package import Kernel

/// Hours of a day as the clocks of its zone tell them: half-open.
package struct LocalSpan: Hashable, Sendable {
    package let opens: LocalTime
    /// After `opens`; may be 24:00.
    package let closes: LocalTime

    /// Nil when nothing is left between them.
    package init?(opens: LocalTime, closes: LocalTime) {
        guard opens < closes else { return nil }
        self.opens = opens
        self.closes = closes
    }
}

/// What one calendar says of its days: a site's, or a resource's that keeps hours of its own.
package struct OpeningLevel: Sendable {
    package let rules: [OpeningRule]
    /// The days on which the weekly opening is its own, maybe an empty one; nil: all of them, as of a site.
    package let ownDays: [DayRange]?
    /// The hours of some days in place of the usual ones; none: closed.
    package let exceptions: [LocalDay: [LocalSpan]]

    package init(rules: [OpeningRule], ownDays: [DayRange]? = nil, exceptions: [LocalDay: [LocalSpan]] = [:]) {
        self.rules = rules
        self.ownDays = ownDays
        self.exceptions = exceptions
    }

    func isOwn(on day: LocalDay) -> Bool {
        ownDays.map { ranges in ranges.contains { $0.contains(day) } } ?? true
    }

    func weekly(on day: LocalDay) -> [LocalSpan] {
        rules.filter { $0.applies(on: day) }.compactMap { LocalSpan(opens: $0.opens, closes: $0.closes) }
    }
}

/// Days from one to another, both included; without an end for good.
package struct DayRange: Hashable, Sendable {
    package let from: LocalDay
    package let to: LocalDay?

    package init(from: LocalDay, to: LocalDay?) {
        self.from = from
        self.to = to
    }

    package func contains(_ day: LocalDay) -> Bool { from <= day && (to.map { day <= $0 } ?? true) }
}
