package import Kernel

/// What a calendar on the wall and the clock beside it show.
package struct LocalDateTime: Hashable, Sendable {
    package let day: LocalDay
    package let time: LocalTime

    package init(day: LocalDay, time: LocalTime) {
        self.day = day
        self.time = time
    }

    /// What they show at an instant, to the second.
    package init(_ instant: Instant, in zone: Zone) {
        self.init(day: zone.day(of: instant), time: zone.time(of: instant))
    }

    /// Counted as if every day had 24 hours, from 1970-01-01T00:00.
    package var seconds: Int64 { Int64(day.daysSince1970) * 86_400 + Int64(time.secondsSinceMidnight) }

    /// So many seconds on the same calendar: 86,400 a day, whatever the clocks do.
    package func adding(seconds added: Int64) -> LocalDateTime {
        let total = seconds + added
        let ofDay = Int(((total % 86_400) + 86_400) % 86_400)
        return LocalDateTime(
            day: LocalDay(daysSince1970: Int32((total - Int64(ofDay)) / 86_400)),
            time: LocalTime(secondsSinceMidnight: ofDay) ?? .midnight)
    }

    package func instant(in zone: Zone) -> Instant { zone.instant(of: day, time) }
}
