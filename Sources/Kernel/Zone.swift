// FoundationEssentials knows fixed offsets only; the IANA rules come with Foundation.
import Foundation

/// The rules of one IANA time zone.
///
/// A local time that happens twice means the first; one that does not exist moves forward by the gap
/// (RFC 5545, section 3.3.5). The database's `plateau.instant_of` must decide alike.
package struct Zone: Hashable, Sendable {
    private let rules: TimeZone

    /// - Parameter identifier: an IANA name such as `Europe/Brussels`, or `UTC`; abbreviations and offsets are refused.
    package init?(_ identifier: String) {
        guard identifier == "UTC" || identifier.contains("/"), let rules = TimeZone(identifier: identifier) else { return nil }
        self.rules = rules
    }

    package var identifier: String { rules.identifier }

    package func offsetInSeconds(at instant: Instant) -> Int {
        offset(atSecond: instant.microsecondsSince1970.dividedDown(by: 1_000_000).quotient)
    }

    package func instant(of day: LocalDay, _ time: LocalTime) -> Instant {
        let local = Int64(day.daysSince1970) * 86_400 + Int64(time.secondsSinceMidnight)
        // No offset exceeds 16 hours, so a day on either side sees the rules before and after any change that matters.
        let before = offset(atSecond: local - 86_400)
        let after = offset(atSecond: local + 86_400)
        let readings = [before, after].map { (offset: $0, second: local - Int64($0)) }
        let valid = readings.filter { offset(atSecond: $0.second) == $0.offset }.map(\.second)
        return Instant(secondsSince1970: valid.min() ?? readings[0].second)
    }

    package func day(of instant: Instant) -> LocalDay {
        LocalDay(daysSince1970: Int32(localSecond(of: instant).dividedDown(by: 86_400).quotient))
    }

    /// Whole seconds; a fraction is dropped.
    package func time(of instant: Instant) -> LocalTime {
        LocalTime(secondsSinceMidnight: Int(localSecond(of: instant).dividedDown(by: 86_400).remainder)) ?? .midnight
    }

    /// From the first moment of the day to the first of the next: 23, 24 or 25 hours as a rule.
    ///
    /// - Returns: nil for a day that the zone skipped (Apia, 2011-12-30).
    package func period(of day: LocalDay) -> Period? {
        Period(start: instant(of: day, .midnight), end: instant(of: day.adding(days: 1), .midnight))
    }

    private func localSecond(of instant: Instant) -> Int64 {
        let second = instant.microsecondsSince1970.dividedDown(by: 1_000_000).quotient
        return second + Int64(offset(atSecond: second))
    }

    private func offset(atSecond second: Int64) -> Int {
        rules.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))
    }
}
