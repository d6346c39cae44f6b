/// A time on the wall clock; `24:00` is the end of a day.
package struct LocalTime: Hashable, Sendable {
    /// From 0 to 86,400.
    package let secondsSinceMidnight: Int

    package static let midnight = LocalTime(unchecked: 0)
    package static let endOfDay = LocalTime(unchecked: 86_400)

    /// - Returns: nil outside 0 to 86,400.
    package init?(secondsSinceMidnight: Int) {
        guard (0...86_400).contains(secondsSinceMidnight) else { return nil }
        self.init(unchecked: secondsSinceMidnight)
    }

    package init?(hour: Int, minute: Int = 0, second: Int = 0) {
        guard (0...24).contains(hour), (0...59).contains(minute), (0...59).contains(second) else { return nil }
        self.init(secondsSinceMidnight: hour * 3_600 + minute * 60 + second)
    }

    private init(unchecked secondsSinceMidnight: Int) {
        self.secondsSinceMidnight = secondsSinceMidnight
    }
}

extension LocalTime: Comparable {
    package static func < (left: LocalTime, right: LocalTime) -> Bool {
        left.secondsSinceMidnight < right.secondsSinceMidnight
    }
}

extension LocalTime: CustomStringConvertible {
    /// Reads `HH:mm` or `HH:mm:ss`; nil for anything else.
    package init?(_ text: some StringProtocol) {
        var scanner = DigitScanner(text)
        guard let hour = scanner.number(digits: 2), scanner.skip(":"), let minute = scanner.number(digits: 2) else { return nil }
        var second = 0
        if scanner.skip(":") {
            guard let number = scanner.number(digits: 2) else { return nil }
            second = number
        }
        guard scanner.isAtEnd else { return nil }
        self.init(hour: hour, minute: minute, second: second)
    }

    /// `HH:mm`, with seconds where there are any.
    package var description: String {
        var bytes: [UInt8] = []
        bytes.append(capacity: 8) { place in
            place.appendTwoDigits(secondsSinceMidnight / 3_600)
            place.append(UInt8(ascii: ":"))
            place.appendTwoDigits(secondsSinceMidnight / 60 % 60)
            guard secondsSinceMidnight % 60 != 0 else { return }
            place.append(UInt8(ascii: ":"))
            place.appendTwoDigits(secondsSinceMidnight % 60)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
