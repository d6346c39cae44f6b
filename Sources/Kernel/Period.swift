/// A stretch of time that holds its start and not its end, so that one may follow another without touching it.
package struct Period: Hashable, Sendable {
    package let start: Instant
    package let end: Instant

    /// - Returns: nil unless `end` is after `start`.
    package init?(start: Instant, end: Instant) {
        guard start < end else { return nil }
        self.start = start
        self.end = end
    }

    package var duration: Duration { end - start }

    package func contains(_ instant: Instant) -> Bool {
        start <= instant && instant < end
    }

    package func contains(_ other: Period) -> Bool {
        start <= other.start && other.end <= end
    }

    package func overlaps(_ other: Period) -> Bool {
        start < other.end && other.start < end
    }

    /// What both hold; nil when they don't overlap.
    package func intersection(_ other: Period) -> Period? {
        Period(start: max(start, other.start), end: min(end, other.end))
    }
}

extension Period: CustomStringConvertible {
    /// For logs and test failures: `[start, end)`.
    package var description: String { "[\(start), \(end))" }
}
