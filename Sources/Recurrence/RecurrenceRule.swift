package import Kernel

/// A recurrence rule (RFC 5545, section 3.3.10) of whole days: every frequency from daily to yearly, and the parts that choose days.
///
/// The time of day is that of the first occurrence; parts that would change it are refused when the text is read.
package struct RecurrenceRule: Hashable, Sendable {
    /// FREQ.
    package enum Frequency: String, CaseIterable, Sendable {
        case daily = "DAILY"
        case weekly = "WEEKLY"
        case monthly = "MONTHLY"
        case yearly = "YEARLY"
    }

    /// A day of the week, numbered as ISO 8601 does.
    package enum Weekday: Int, CaseIterable, Sendable {
        case monday = 1
        case tuesday, wednesday, thursday, friday, saturday, sunday
    }

    /// One entry of BYDAY: every such weekday, or the nth (from the end when negative) of the month or year.
    package struct WeekdayChoice: Hashable, Sendable {
        package let ordinal: Int?
        package let weekday: Weekday
    }

    /// COUNT, UNTIL or neither.
    package enum End: Hashable, Sendable {
        case never
        case count(Int)
        /// The last day, included. RFC 5545 has it for all-day events; here it is the site's day.
        case day(LocalDay)
        /// The last start, included.
        case instant(Instant)
    }

    package let frequency: Frequency
    package let interval: Int
    package let end: End
    /// BYMONTH, 1 to 12.
    package let months: Set<Int>
    /// BYMONTHDAY, 1 to 31 or -31 to -1.
    package let monthDays: Set<Int>
    /// BYDAY.
    package let weekdays: Set<WeekdayChoice>
    /// BYSETPOS, 1 to 366 or -366 to -1.
    package let positions: Set<Int>
    /// WKST.
    package let weekStart: Weekday
}

extension RecurrenceRule.Weekday {
    /// As RFC 5545 writes it.
    static let codes = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]

    init?(code: some StringProtocol) {
        guard let index = Self.codes.firstIndex(where: { $0 == code }) else { return nil }
        self.init(rawValue: index + 1)
    }
}
