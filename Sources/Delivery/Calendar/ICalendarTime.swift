import Kernel

/// Times as iCalendar writes them (RFC 5545, 3.3.5).
enum ICalendarTime {
    /// `20261025T003000Z`; a fraction of a second is dropped.
    static func utc(_ instant: Instant) -> String {
        text(secondsSince1970: seconds(of: instant)) + "Z"
    }

    /// `20261025T023000`, as the clocks of a zone show it.
    ///
    /// Nil where a reader would understand another instant: of a local time that happens twice it takes the first.
    static func local(_ instant: Instant, in zone: Zone) -> String? {
        let (day, time) = (zone.day(of: instant), zone.time(of: instant))
        guard zone.instant(of: day, time) == Instant(secondsSince1970: seconds(of: instant)) else { return nil }
        return text(secondsSince1970: Int64(day.daysSince1970) * 86_400 + Int64(time.secondsSinceMidnight))
    }

    /// Of a clock that shows so many seconds since 1970-01-01T00:00:00.
    static func text(secondsSince1970: Int64) -> String {
        let days = floorDivided(secondsSince1970, by: 86_400)
        let day = LocalDay(daysSince1970: Int32(days))
        let second = Int(secondsSince1970 - days * 86_400)
        let date = digits(day.year, 4) + digits(day.month, 2) + digits(day.day, 2)
        return "\(date)T\(digits(second / 3_600, 2))\(digits(second / 60 % 60, 2))\(digits(second % 60, 2))"
    }

    /// `+0200`, with seconds only where there are some.
    static func offset(_ seconds: Int) -> String {
        let size = abs(seconds)
        let rest = size % 60 == 0 ? "" : digits(size % 60, 2)
        return (seconds < 0 ? "-" : "+") + digits(size / 3_600, 2) + digits(size / 60 % 60, 2) + rest
    }

    static func seconds(of instant: Instant) -> Int64 {
        floorDivided(instant.microsecondsSince1970, by: 1_000_000)
    }

    private static func floorDivided(_ number: Int64, by divisor: Int64) -> Int64 {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    private static func digits(_ number: Int, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
}
