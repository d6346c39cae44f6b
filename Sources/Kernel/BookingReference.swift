/// A booking's short name, fit for reading out on the phone: `7K3QZ-09M4X`.
///
/// Ten characters of Crockford's base 32 (no I, L, O, U), the last of them a check over GF(32) that finds every single
/// wrong character and every swap of two.
package struct BookingReference: Hashable, Sendable {
    /// Ten characters, without the hyphen.
    package let characters: String

    package static func make(random: inout some RandomNumberGenerator) -> BookingReference {
        let values = (0..<9).map { _ in UInt8.random(in: 0..<32, using: &random) }
        return BookingReference(values + [check(values)])
    }

    private init(_ values: [UInt8]) {
        characters = String(decoding: values.map { Self.alphabet[Int($0)] }, as: UTF8.self)
    }

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// Weighs each value with another power of the field's generator, by Horner's rule.
    private static func check(_ values: some Sequence<UInt8>) -> UInt8 {
        values.reduce(0) { double($0 ^ $1) }
    }

    /// Multiplication by x modulo x⁵ + x² + 1.
    private static func double(_ value: UInt8) -> UInt8 {
        value & 0x10 == 0 ? value << 1 : (value << 1 ^ 0b100101) & 0x1F
    }

    /// As heard: lower case, I and L for 1, O for 0.
    private static func value(_ byte: UInt8) -> UInt8? {
        let upper = (0x61...0x7A).contains(byte) ? byte - 0x20 : byte
        switch upper {
        case UInt8(ascii: "I"), UInt8(ascii: "L"): return 1
        case UInt8(ascii: "O"): return 0
        default: return alphabet.firstIndex(of: upper).map(UInt8.init)
        }
    }
}

extension BookingReference: CustomStringConvertible {
    /// Spaces and hyphens don't count; nil when the length, a character or the check is wrong.
    package init?(_ text: some StringProtocol) {
        let written = text.utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: " ") }
        let values = written.compactMap(Self.value)
        guard written.count == 10, values.count == 10, Self.check(values.dropLast()) == values[9] else { return nil }
        self.init(values)
    }

    /// Two groups of five.
    package var description: String { "\(characters.prefix(5))-\(characters.suffix(5))" }
}
