package import FoundationEssentials

/// The identity of one `Entity`: a UUID version 7 (RFC 9562) that carries the number of the centre it belongs to.
///
/// The 16 free bits that follow the time (`rand_a`, then the first four of `rand_b`) hold the number; 0 means the whole
/// network. So any identifier tells where its row lives, and identifiers of one centre sort by time.
package struct Identifier<Entity>: Hashable, Sendable {
    package let rawValue: UUID

    package init(_ rawValue: UUID) {
        self.rawValue = rawValue
    }

    package static func make(centre: UInt16, at instant: Instant, random: inout some RandomNumberGenerator) -> Identifier {
        let milliseconds = UInt64(max(0, instant.microsecondsSince1970 / 1_000)) & 0xFFFF_FFFF_FFFF
        let high = milliseconds << 16 | 0x7000 | UInt64(centre) >> 4
        let free = UInt64.random(in: 0..<(1 << 58), using: &random)
        return Identifier(high: high, low: 0b10 << 62 | UInt64(centre & 0xF) << 58 | free)
    }

    /// Meaningful for identifiers made here; any other UUID gives some number.
    package var centreNumber: UInt16 {
        let (high, low) = rawValue.halves
        return UInt16(truncatingIfNeeded: high & 0xFFF) << 4 | UInt16(truncatingIfNeeded: low >> 58 & 0xF)
    }

    private init(high: UInt64, low: UInt64) {
        func byte(_ half: UInt64, _ index: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: half >> (56 - 8 * index)) }
        rawValue = UUID(
            uuid: (
                byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3), byte(high, 4), byte(high, 5), byte(high, 6), byte(high, 7),
                byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3), byte(low, 4), byte(low, 5), byte(low, 6), byte(low, 7)
            ))
    }
}

extension Identifier: Comparable {
    /// By bytes, as PostgreSQL orders `uuid`.
    package static func < (left: Identifier, right: Identifier) -> Bool {
        left.rawValue.halves < right.rawValue.halves
    }
}

extension Identifier: LosslessStringConvertible {
    /// Reads the 36 characters of a UUID in either case.
    package init?(_ text: String) {
        // Foundation overlooks hyphens out of place.
        guard text.utf8.count == 36, let rawValue = UUID(uuidString: text), rawValue.uuidString == text.uppercased() else { return nil }
        self.init(rawValue)
    }

    /// Lower case.
    package var description: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(36)
        appendText(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the bytes of ``description``.
    package func appendText(to bytes: inout [UInt8]) {
        rawValue.appendLowercase(to: &bytes)
    }
}

extension UUID {
    /// Appends the 36 characters in lower case.
    package func appendLowercase(to bytes: inout [UInt8]) {
        let (high, low) = halves
        bytes.append(capacity: 36) { place in
            place.appendHexadecimal(high, nibbles: 0..<8)
            place.append(UInt8(ascii: "-"))
            place.appendHexadecimal(high, nibbles: 8..<12)
            place.append(UInt8(ascii: "-"))
            place.appendHexadecimal(high, nibbles: 12..<16)
            place.append(UInt8(ascii: "-"))
            place.appendHexadecimal(low, nibbles: 0..<4)
            place.append(UInt8(ascii: "-"))
            place.appendHexadecimal(low, nibbles: 4..<16)
        }
    }

    fileprivate var halves: (high: UInt64, low: UInt64) {
        withUnsafeBytes(of: uuid) { bytes in
            (
                UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }
}
