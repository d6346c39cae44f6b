import Kernel
import Synchronization

/// The `Date` of answers (RFC 9110, 5.6.7), made once a second.
final class DateLine: Sendable {
    private struct Made {
        var second = Int64.min
        var text = ""
    }

    private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private let last = Mutex(Made())

    /// For example `Sun, 06 Nov 1994 08:49:37 GMT`.
    func text(at instant: Instant) -> String {
        let second = instant.microsecondsSince1970 / 1_000_000
        return last.withLock { made in
            if made.second != second { made = Made(second: second, text: Self.text(ofSecond: second)) }
            return made.text
        }
    }

    private static func text(ofSecond second: Int64) -> String {
        let day = LocalDay(daysSince1970: Int32(second / 86_400))
        let time = [second / 3_600 % 24, second / 60 % 60, second % 60].map { twoDigits(Int($0)) }.joined(separator: ":")
        return "\(days[day.weekday - 1]), \(twoDigits(day.day)) \(months[day.month - 1]) \(day.year) \(time) GMT"
    }

    private static func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
