import Kernel

/// A moment at which the clocks of a zone are changed.
struct ZoneChange: Hashable, Sendable {
    let second: Int64
    /// Seconds east of Greenwich.
    let before: Int
    let after: Int

    /// What the clocks show when it happens, as they went until then.
    var localSecond: Int64 { second + Int64(before) }

    var localDay: LocalDay { LocalDay(daysSince1970: Int32(localSecond / 86_400)) }

    /// Every change between two instants after 1970, in order.
    ///
    /// Looked for every six days: no zone has changed its clocks twice in such a time since.
    static func all(of zone: Zone, in window: Period) -> [ZoneChange] {
        let step: Int64 = 6 * 86_400
        let end = ICalendarTime.seconds(of: window.end)
        var changes: [ZoneChange] = []
        var second = max(0, ICalendarTime.seconds(of: window.start))
        var offset = zone.offsetInSeconds(at: Instant(secondsSince1970: second))
        while second < end {
            let next = second + step
            let later = zone.offsetInSeconds(at: Instant(secondsSince1970: next))
            if later != offset {
                changes.append(ZoneChange(second: moment(of: zone, between: second, and: next), before: offset, after: later))
            }
            (second, offset) = (next, later)
        }
        return changes
    }

    /// The first second of the new offset.
    private static func moment(of zone: Zone, between start: Int64, and end: Int64) -> Int64 {
        let before = zone.offsetInSeconds(at: Instant(secondsSince1970: start))
        var (low, high) = (start, end)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if zone.offsetInSeconds(at: Instant(secondsSince1970: middle)) == before { low = middle } else { high = middle }
        }
        return high
    }
}

/// When in a year the clocks are changed, such as on the last Sunday of March.
struct YearlyRule: Hashable, Sendable {
    let month: Int
    /// ISO 8601: Monday is 1.
    let weekday: Int
    /// From the end of the month when negative.
    let week: Int
    let secondOfDay: Int64
    let before: Int
    let after: Int

    /// - Parameter isFromEnd: whether weeks are counted from the month's end.
    init(_ change: ZoneChange, isFromEnd: Bool) {
        let day = change.localDay
        let next = LocalDay(year: day.month == 12 ? day.year + 1 : day.year, month: day.month % 12 + 1, day: 1)
        let length = next.map { $0.adding(days: -1).day } ?? 31
        month = day.month
        weekday = day.weekday
        week = isFromEnd ? -((length - day.day) / 7 + 1) : (day.day - 1) / 7 + 1
        secondOfDay = change.localSecond % 86_400
        before = change.before
        after = change.after
    }

    var text: String {
        let days = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
        return "FREQ=YEARLY;BYMONTH=\(month);BYDAY=\(week)\(days[weekday - 1])"
    }
}
