/// A day of the proleptic Gregorian calendar; which stretch of time it is depends on a zone.
package struct LocalDay: Hashable, Sendable {
    package let daysSince1970: Int32

    package init(daysSince1970: Int32) {
        self.daysSince1970 = daysSince1970
    }

    /// - Returns: nil for a day that the calendar lacks, or a year outside 1 to 9999.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        // Counted from 1 March, a leap day comes last (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
        let shifted = month > 2 ? year : year - 1
        let (era, yearOfEra) = shifted.dividedDown(by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        self.init(daysSince1970: Int32(era * 146_097 + dayOfEra - 719_468))
        guard self.day == day else { return nil }
    }

    package var year: Int { civil.year }
    package var month: Int { civil.month }
    package var day: Int { civil.day }

    /// ISO 8601: Monday is 1, Sunday 7.
    package var weekday: Int { Int((Int64(daysSince1970) + 3).dividedDown(by: 7).remainder) + 1 }

    package func adding(days: Int) -> LocalDay {
        LocalDay(daysSince1970: daysSince1970 + Int32(days))
    }

    /// How many days later this one is.
    package func days(since other: LocalDay) -> Int {
        Int(daysSince1970) - Int(other.daysSince1970)
    }

    private var civil: (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = (Int(daysSince1970) + 719_468).dividedDown(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }
}

extension LocalDay: Comparable {
    package static func < (left: LocalDay, right: LocalDay) -> Bool {
        left.daysSince1970 < right.daysSince1970
    }
}

extension LocalDay: CustomStringConvertible {
    /// Reads `yyyy-MM-dd`; nil for anything else.
    package init?(_ text: some StringProtocol) {
        var scanner = DigitScanner(text)
        guard let year = scanner.number(digits: 4), scanner.skip("-"), let month = scanner.number(digits: 2), scanner.skip("-"),
            let day = scanner.number(digits: 2), scanner.isAtEnd
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// `yyyy-MM-dd`.
    package var description: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(10)
        appendText(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the bytes of ``description``.
    package func appendText(to bytes: inout [UInt8]) {
        bytes.append(capacity: 10) { appendText(to: &$0) }
    }

    /// A day before the year 1 or after 9999, which PostgreSQL may hold but no text of ours can be, is told as the nearest that has one.
    func appendText(to place: inout TextPlace) {
        var (year, month, day) = civil
        if year < 1 { (year, month, day) = (1, 1, 1) }
        if year > 9_999 { (year, month, day) = (9_999, 12, 31) }
        place.appendTwoDigits(year / 100)
        place.appendTwoDigits(year % 100)
        place.append(UInt8(ascii: "-"))
        place.appendTwoDigits(month)
        place.append(UInt8(ascii: "-"))
        place.appendTwoDigits(day)
    }
}
