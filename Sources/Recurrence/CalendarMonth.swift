import Kernel

/// A month, and its days as bits: bit 1 is the first, bit 31 the thirty-first.
///
/// Choosing days is then a handful of operations a month, which is what keeps a hostile rule cheap.
struct CalendarMonth {
    let first: LocalDay
    /// The first day of the next month.
    let end: LocalDay
    /// 1 to 12.
    let month: Int
    let length: Int

    /// - Parameter number: 12 times the year, plus the month less one.
    /// - Returns: nil after the year 9998, where days end.
    init?(number: Int) {
        guard let first = LocalDay(year: number / 12, month: number % 12 + 1, day: 1),
            let next = LocalDay(year: (number + 1) / 12, month: (number + 1) % 12 + 1, day: 1)
        else { return nil }
        self.first = first
        end = next
        month = number % 12 + 1
        length = next.days(since: first)
    }

    static func number(of day: LocalDay) -> Int { day.year * 12 + day.month - 1 }

    var all: UInt32 { UInt32(truncatingIfNeeded: (UInt64(1) << (length + 1)) - 2) }

    /// BYMONTHDAY: from the end when negative; what the month lacks is left out.
    func bits(of monthDays: Set<Int>) -> UInt32 {
        monthDays.reduce(0) { $0 | bit($1 > 0 ? $1 : length + 1 + $1) }
    }

    /// BYDAY within the month: each such weekday, or the nth.
    func bits(of choice: RecurrenceRule.WeekdayChoice) -> UInt32 {
        let earliest = 1 + (choice.weekday.rawValue - first.weekday + 7) % 7
        guard let ordinal = choice.ordinal else {
            return stride(from: earliest, through: length, by: 7).reduce(0) { $0 | bit($1) }
        }
        let latest = earliest + (length - earliest) / 7 * 7
        return bit(ordinal > 0 ? earliest + 7 * (ordinal - 1) : latest + 7 * (ordinal + 1))
    }

    /// Those of some days that fall into this month.
    func bits(of days: [LocalDay]) -> UInt32 {
        days.reduce(0) { $0 | bit(dayNumber(of: $1)) }
    }

    /// In order.
    func days(of bits: UInt32) -> [LocalDay] {
        var days: [LocalDay] = []
        var rest = bits & all
        while rest != 0 {
            days.append(first.adding(days: rest.trailingZeroBitCount - 1))
            rest &= rest - 1
        }
        return days
    }

    /// 1 for the first; outside 1 to `length` for a day of another month.
    func dayNumber(of day: LocalDay) -> Int { day.days(since: first) + 1 }

    /// 0 for a day that the month lacks.
    func bit(_ day: Int) -> UInt32 { (1...length).contains(day) ? 1 << UInt32(day) : 0 }
}
