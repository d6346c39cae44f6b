/// A type with a range type over it.
package protocol PostgresRangeBound: PostgresValue, Hashable {
    static var rangeType: PostgresType { get }
    static var rangeArrayType: PostgresType { get }
}

extension PostgresTimestamp: PostgresRangeBound {
    package static var rangeType: PostgresType { .tstzrange }
    package static var rangeArrayType: PostgresType { .tstzrangeArray }
}

extension PostgresDate: PostgresRangeBound {
    package static var rangeType: PostgresType { .daterange }
    package static var rangeArrayType: PostgresType { .daterangeArray }
}

extension Int64: PostgresRangeBound {
    package static var rangeType: PostgresType { .int8range }
    package static var rangeArrayType: PostgresType { .int8rangeArray }
}

/// A range; `[)` unless said otherwise, as the server's canonical form of discrete ranges is.
package enum PostgresRange<Bound: PostgresRangeBound>: Hashable, Sendable {
    case empty
    case range(lower: Limit?, upper: Limit?)

    /// An end of a range; an absent one is unbounded.
    package struct Limit: Hashable, Sendable {
        package var value: Bound
        package var isInclusive: Bool

        package init(_ value: Bound, isInclusive: Bool) {
            self.value = value
            self.isInclusive = isInclusive
        }
    }

    /// The half-open range from `lower` up to, not including, `upper`; nil is unbounded.
    package init(from lower: Bound?, upTo upper: Bound?) {
        self = .range(
            lower: lower.map { Limit($0, isInclusive: true) }, upper: upper.map { Limit($0, isInclusive: false) })
    }
}

extension PostgresRange: PostgresArrayElement {
    package static var postgresType: PostgresType { Bound.rangeType }
    package static var arrayType: PostgresType { Bound.rangeArrayType }

    package func encode(into writer: inout PostgresByteWriter) {
        guard case .range(let lower, let upper) = self else { return writer.append(RangeFlags.empty.rawValue) }
        var flags: RangeFlags = []
        if lower?.isInclusive == true { flags.insert(.lowerInclusive) }
        if upper?.isInclusive == true { flags.insert(.upperInclusive) }
        if lower == nil { flags.insert(.lowerInfinite) }
        if upper == nil { flags.insert(.upperInfinite) }
        writer.append(flags.rawValue)
        for limit in [lower, upper] {
            if let limit { writer.appendWithLength { limit.value.encode(into: &$0) } }
        }
    }

    package static func decode(binary bytes: RawSpan) throws(PostgresError) -> PostgresRange {
        guard bytes.byteCount > 0 else { throw .wrongSize(postgresType, 0) }
        let flags = RangeFlags(rawValue: bytes.bigEndian(as: UInt8.self))
        if flags.contains(.empty) { return .empty }
        var offset = 1
        var lower: Limit?
        var upper: Limit?
        if !flags.contains(.lowerInfinite) {
            lower = Limit(try bound(in: bytes, at: &offset), isInclusive: flags.contains(.lowerInclusive))
        }
        if !flags.contains(.upperInfinite) {
            upper = Limit(try bound(in: bytes, at: &offset), isInclusive: flags.contains(.upperInclusive))
        }
        guard offset == bytes.byteCount else { throw .wrongSize(postgresType, bytes.byteCount) }
        return .range(lower: lower, upper: upper)
    }

    private static func bound(in bytes: RawSpan, at offset: inout Int) throws(PostgresError) -> Bound {
        guard bytes.byteCount - offset >= 4 else { throw .wrongSize(postgresType, bytes.byteCount) }
        let length = Int(bytes.bigEndian(at: offset, as: Int32.self))
        offset += 4
        guard length >= 0, bytes.byteCount - offset >= length else { throw .wrongSize(postgresType, bytes.byteCount) }
        defer { offset += length }
        return try Bound.decode(binary: bytes.extracting(offset..<(offset + length)))
    }
}

/// The first byte of a range on the wire (`rangetypes.h` of PostgreSQL).
private struct RangeFlags: OptionSet {
    let rawValue: UInt8

    static let empty = RangeFlags(rawValue: 0x01)
    static let lowerInclusive = RangeFlags(rawValue: 0x02)
    static let upperInclusive = RangeFlags(rawValue: 0x04)
    static let lowerInfinite = RangeFlags(rawValue: 0x08)
    static let upperInfinite = RangeFlags(rawValue: 0x10)
}
