/// A moment, exact to the microsecond, which is what PostgreSQL stores.
package struct Instant: Hashable, Sendable {
    /// Leap seconds are not counted.
    package let microsecondsSince1970: Int64

    package init(microsecondsSince1970: Int64) {
        self.microsecondsSince1970 = microsecondsSince1970
    }

    package init(secondsSince1970: Int64) {
        self.init(microsecondsSince1970: secondsSince1970 * 1_000_000)
    }

    /// Anything finer than a microsecond is dropped towards zero.
    package static func + (instant: Instant, duration: Duration) -> Instant {
        let (seconds, attoseconds) = duration.components
        return Instant(microsecondsSince1970: instant.microsecondsSince1970 + seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    }

    package static func - (instant: Instant, duration: Duration) -> Instant {
        instant + (.zero - duration)
    }

    package static func - (later: Instant, earlier: Instant) -> Duration {
        .microseconds(later.microsecondsSince1970 - earlier.microsecondsSince1970)
    }
}

extension Instant: Comparable {
    package static func < (left: Instant, right: Instant) -> Bool {
        left.microsecondsSince1970 < right.microsecondsSince1970
    }
}
