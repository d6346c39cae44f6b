package import Kernel

/// One line of a weekly opening: on this weekday, between these days, from one local time to another.
package struct OpeningRule: Hashable, Sendable {
    package let from: LocalDay
    /// The last day, nil while no end is known.
    package let to: LocalDay?
    /// ISO 8601: Monday is 1.
    package let weekday: Int
    package let opens: LocalTime
    /// After `opens`; may be 24:00.
    package let closes: LocalTime

    package init(from: LocalDay, to: LocalDay?, weekday: Int, opens: LocalTime, closes: LocalTime) {
        self.from = from
        self.to = to
        self.weekday = weekday
        self.opens = opens
        self.closes = closes
    }

    package func applies(on day: LocalDay) -> Bool {
        day.weekday == weekday && from <= day && (to.map { day <= $0 } ?? true)
    }
}

extension OpeningRule {
    /// - Returns: nil for times that no day has, which the table's constraints exclude.
    init?(_ row: SQL.ListWeeklyOpening.Row) {
        guard let opens = LocalTime(minute: row.opensMinute), let closes = LocalTime(minute: row.closesMinute) else { return nil }
        self.init(from: row.fromDay, to: row.toDay, weekday: Int(row.weekday), opens: opens, closes: closes)
    }
}

extension LocalTime {
    /// Minutes after midnight, 1440 for 24:00.
    init?(minute: Int32) {
        self.init(secondsSinceMidnight: Int(minute) * 60)
    }

    var minute: Int32 { Int32(secondsSinceMidnight / 60) }
}
