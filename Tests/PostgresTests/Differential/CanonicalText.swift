import Foundation
import Postgres

/// A value in words that `Tests/Differential/canonical.py` writes the same way, made from what was understood.
protocol CanonicalText {
    var canonicalText: String { get }
}

extension Bool: CanonicalText {
    var canonicalText: String { self ? "true" : "false" }
}

extension Int16: CanonicalText {
    var canonicalText: String { description }
}

extension Int32: CanonicalText {
    var canonicalText: String { description }
}

extension Int64: CanonicalText {
    var canonicalText: String { description }
}

extension Double: CanonicalText {
    var canonicalText: String { bitPattern.bigEndianBytes.hexadecimal }
}

extension String: CanonicalText {
    var canonicalText: String { Array(utf8).hexadecimal }
}

extension UUID: CanonicalText {
    var canonicalText: String { uuidString.lowercased().replacingOccurrences(of: "-", with: "") }
}

extension PostgresBytes: CanonicalText {
    var canonicalText: String { bytes.hexadecimal }
}

extension PostgresJSON: CanonicalText {
    var canonicalText: String { utf8.hexadecimal }
}

extension PostgresTimestamp: CanonicalText {
    var canonicalText: String { microsecondsSince2000.description }
}

extension PostgresDate: CanonicalText {
    var canonicalText: String { daysSince2000.description }
}

extension PostgresRange: CanonicalText where Bound: CanonicalText {
    var canonicalText: String {
        guard case .range(let lower, let upper) = self else { return "empty" }
        let start = lower.map { ($0.isInclusive ? "[" : "(") + $0.value.canonicalText } ?? "-"
        let end = upper.map { $0.value.canonicalText + ($0.isInclusive ? "]" : ")") } ?? "-"
        return "\(start) \(end)"
    }
}

extension Array: CanonicalText where Element: CanonicalText {
    var canonicalText: String { map(\.canonicalText).joined(separator: ";") }
}

extension [UInt8] {
    fileprivate var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
