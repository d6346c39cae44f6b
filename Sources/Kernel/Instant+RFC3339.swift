extension Instant: CustomStringConvertible {
    /// The years that text may name.
    private static let years = 1970...9999

    /// Reads `2026-10-25T02:30:00+01:00`.
    ///
    /// Stricter than RFC 3339: `T` and `Z` in capitals, no leap second (`:60`), years 1970 to 9999.
    /// Up to nine fraction digits are read, but nothing finer than a microsecond may be asked for.
    ///
    /// - Returns: nil when the text is anything else.
    package init?(rfc3339 text: some StringProtocol) {
        var scanner = DigitScanner(text)
        guard let year = scanner.number(digits: 4), scanner.skip("-"), let month = scanner.number(digits: 2), scanner.skip("-"),
            let dayOfMonth = scanner.number(digits: 2), scanner.skip("T"), Self.years.contains(year),
            let day = LocalDay(year: year, month: month, day: dayOfMonth),
            let hour = scanner.number(digits: 2), hour < 24, scanner.skip(":"), let minute = scanner.number(digits: 2), minute < 60,
            scanner.skip(":"), let second = scanner.number(digits: 2), second < 60,
            let fraction = Self.microseconds(&scanner), let offset = Self.offsetInSeconds(&scanner), scanner.isAtEnd
        else { return nil }
        let seconds = Int64(day.daysSince1970) * 86_400 + Int64(hour * 3_600 + minute * 60 + second - offset)
        guard seconds >= 0, seconds < Self.secondsAtEndOfYears else { return nil }
        self.init(microsecondsSince1970: seconds * 1_000_000 + Int64(fraction))
    }

    /// In UTC, for example `2026-10-25T00:30:00Z`; a fraction only where there is one, without trailing zeros.
    package var rfc3339: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(27)
        appendText(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the bytes of ``rfc3339``.
    package func appendText(to bytes: inout [UInt8]) {
        let (day, microseconds) = microsecondsSince1970.dividedDown(by: 86_400_000_000)
        let seconds = Int(microseconds / 1_000_000)
        bytes.append(capacity: 27) { place in
            LocalDay(daysSince1970: Int32(day)).appendText(to: &place)
            place.append(UInt8(ascii: "T"))
            place.appendTwoDigits(seconds / 3_600)
            place.append(UInt8(ascii: ":"))
            place.appendTwoDigits(seconds / 60 % 60)
            place.append(UInt8(ascii: ":"))
            place.appendTwoDigits(seconds % 60)
            Self.append(fraction: Int(microseconds % 1_000_000), to: &place)
            place.append(UInt8(ascii: "Z"))
        }
    }

    private static func append(fraction: Int, to place: inout TextPlace) {
        guard fraction != 0 else { return }
        place.append(UInt8(ascii: "."))
        var (rest, unit) = (fraction, 100_000)
        while rest > 0 {
            place.append(UInt8(ascii: "0") + UInt8(rest / unit))
            (rest, unit) = (rest % unit, unit / 10)
        }
    }

    package var description: String { rfc3339 }

    private static let secondsAtEndOfYears: Int64 = 253_402_300_800

    /// No fraction is 0; nil when it has no digit, more than nine, or something below a microsecond.
    private static func microseconds(_ scanner: inout DigitScanner) -> Int? {
        guard scanner.skip(".") else { return 0 }
        let digits = scanner.digits(atMost: 9)
        guard !digits.isEmpty, digits.dropFirst(6).allSatisfy({ $0 == 0 }) else { return nil }
        return (0..<6).reduce(0) { $0 * 10 + ($1 < digits.count ? digits[$1] : 0) }
    }

    private static func offsetInSeconds(_ scanner: inout DigitScanner) -> Int? {
        if scanner.skip("Z") { return 0 }
        let sign = scanner.skip("+") ? 1 : scanner.skip("-") ? -1 : 0
        guard sign != 0, let hours = scanner.number(digits: 2), hours < 24, scanner.skip(":"),
            let minutes = scanner.number(digits: 2), minutes < 60
        else { return nil }
        return sign * (hours * 3_600 + minutes * 60)
    }
}
