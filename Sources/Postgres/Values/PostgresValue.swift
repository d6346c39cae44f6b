/// A value with a binary form on the wire.
///
/// A type of another module conforms by delegating to a type that already does:
/// `init` from it in `decode`, and its `encode`.
package protocol PostgresValue: Sendable {
    static var postgresType: PostgresType { get }

    /// Appends the binary form, without a length before it.
    func encode(into writer: inout PostgresByteWriter)

    /// Reads a value from exactly `bytes`.
    static func decode(binary bytes: RawSpan) throws(PostgresError) -> Self
}

/// A value that may be an element of a one-dimensional array.
package protocol PostgresArrayElement: PostgresValue {
    static var arrayType: PostgresType { get }

    static func encode(array: [Self], into writer: inout PostgresByteWriter)

    static func decode(array bytes: RawSpan) throws(PostgresError) -> [Self]
}

/// Collects binary forms, in network byte order.
package struct PostgresByteWriter: Sendable {
    private(set) var bytes: [UInt8] = []

    package init() {}

    package var count: Int { bytes.count }

    mutating func reserveCapacity(_ count: Int) { bytes.reserveCapacity(count) }

    package mutating func append(_ byte: UInt8) { bytes.append(byte) }

    package mutating func append(contentsOf more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

    package mutating func append<Integer: FixedWidthInteger>(bigEndian value: Integer) {
        unsafe Swift.withUnsafeBytes(of: value.bigEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    /// Appends what `body` writes behind its length as a 32-bit integer.
    package mutating func appendWithLength(_ body: (inout PostgresByteWriter) -> Void) {
        let start = bytes.count
        append(bigEndian: Int32(0))
        body(&self)
        let length = UInt32(bytes.count - start - 4)
        for index in 0..<4 { bytes[start + index] = UInt8(truncatingIfNeeded: length >> UInt32(24 - index * 8)) }
    }
}

extension RawSpan {
    /// The integer in network byte order at `offset`; traps when it would reach beyond the end.
    package func bigEndian<Integer: FixedWidthInteger & BitwiseCopyable>(at offset: Int = 0, as type: Integer.Type) -> Integer {
        precondition(offset >= 0 && offset + MemoryLayout<Integer>.size <= byteCount, "an integer beyond the end")
        return Integer(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: Integer.self))
    }

    /// A copy of the bytes.
    package var copied: [UInt8] {
        unsafe withUnsafeBytes { unsafe [UInt8]($0) }
    }
}
