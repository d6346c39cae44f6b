import Foundation
import Postgres

/// A generator that gives the same numbers for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension UInt64 {
    var bigEndianBytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: self >> UInt64(56 - 8 * $0)) } }
}

extension PostgresDate {
    /// As the server writes it with DateStyle ISO, found by another way than the codec's.
    var serverText: String {
        guard isFinite else { return self == .infinity ? "infinity" : "-infinity" }
        return civilText(days: Int(daysSince2000))
    }
}

extension PostgresTimestamp {
    var serverText: String {
        guard isFinite else { return self == .infinity ? "infinity" : "-infinity" }
        let day = 86_400_000_000
        let days = Int((Double(microsecondsSince2000) / Double(day)).rounded(.down))
        var rest = Int(microsecondsSince2000) - days * day
        var correctedDays = days
        if rest < 0 { (rest, correctedDays) = (rest + day, days - 1) }
        if rest >= day { (rest, correctedDays) = (rest - day, days + 1) }
        let seconds = rest / 1_000_000
        var fraction = rest % 1_000_000 == 0 ? "" : String(format: ".%06d", rest % 1_000_000)
        while fraction.hasSuffix("0") { fraction.removeLast() }
        let time = String(format: "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60)
        return "\(civilText(days: correctedDays)) \(time)\(fraction)+00".movingEra
    }
}

extension PostgresRange {
    func serverText(_ bound: (Bound) -> String) -> String {
        guard case .range(let lower, let upper) = self else { return "empty" }
        let start = lower.map { ($0.isInclusive ? "[" : "(") + bound($0.value) } ?? "("
        let end = upper.map { bound($0.value) + ($0.isInclusive ? "]" : ")") } ?? ")"
        return "\(start),\(end)"
    }
}

/// The proleptic Gregorian day `days` after 2000-01-01, by counting whole cycles, years and months.
private func civilText(days: Int) -> String {
    var year = 2000
    var rest = days
    let cycles = Int((Double(rest) / 146_097).rounded(.down))
    year += 400 * cycles
    rest -= 146_097 * cycles
    func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
    while rest >= (isLeap(year) ? 366 : 365) {
        rest -= isLeap(year) ? 366 : 365
        year += 1
    }
    var month = 0
    let lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    while rest >= lengths[month] {
        rest -= lengths[month]
        month += 1
    }
    let text = String(format: "%04d-%02d-%02d", year > 0 ? year : 1 - year, month + 1, rest + 1)
    return year > 0 ? text : text + " BC"
}

extension String {
    /// The server writes the era behind the time.
    fileprivate var movingEra: String {
        contains(" BC") ? replacingOccurrences(of: " BC", with: "") + " BC" : self
    }
}
