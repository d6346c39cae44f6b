package import Kernel

/// One date of EXDATE, RDATE or UNTIL.
package enum RecurrenceDate: Hashable, Sendable {
    /// A whole day of the site: leaves out what starts on it, or adds it at the usual time.
    case day(LocalDay)
    /// By the site's clock.
    case local(LocalDateTime)
    case instant(Instant)

    /// Reads `20271231`, `20271231T090000` and `20271231T080000Z` (RFC 5545, sections 3.3.4 and 3.3.5); nil for anything else.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int? {
            range.upperBound <= bytes.count && bytes[range].allSatisfy({ (0x30...0x39).contains($0) })
                ? bytes[range].reduce(0) { $0 * 10 + Int($1) - 0x30 } : nil
        }
        guard let year = number(0..<4), let month = number(4..<6), let dayOfMonth = number(6..<8),
            let day = LocalDay(year: year, month: month, day: dayOfMonth)
        else { return nil }
        if bytes.count == 8 {
            self = .day(day)
            return
        }
        let isUTC = bytes.count == 16 && bytes[15] == UInt8(ascii: "Z")
        guard bytes.count == 15 || isUTC, bytes[8] == UInt8(ascii: "T"), let hour = number(9..<11), hour < 24,
            let minute = number(11..<13), let second = number(13..<15), let time = LocalTime(hour: hour, minute: minute, second: second)
        else { return nil }
        let local = LocalDateTime(day: day, time: time)
        self = isUTC ? .instant(Instant(secondsSince1970: local.seconds)) : .local(local)
    }
}
