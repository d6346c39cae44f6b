/// One byte is `"char"`; an array of bytes is `bytea`.
extension UInt8: PostgresArrayElement {
    package static var postgresType: PostgresType { .char }
    package static var arrayType: PostgresType { .bytea }

    package func encode(into writer: inout PostgresByteWriter) { writer.append(self) }

    package static func decode(binary bytes: RawSpan) throws(PostgresError) -> UInt8 {
        guard bytes.byteCount == 1 else { throw .wrongSize(postgresType, bytes.byteCount) }
        return bytes.bigEndian(as: UInt8.self)
    }

    package static func encode(array: [UInt8], into writer: inout PostgresByteWriter) { writer.append(contentsOf: array) }

    package static func decode(array bytes: RawSpan) throws(PostgresError) -> [UInt8] { bytes.copied }
}

/// A `bytea` value as an element of `bytea[]`; alone, `[UInt8]` is enough.
package struct PostgresBytes: Hashable, Sendable, PostgresArrayElement {
    package var bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package static var postgresType: PostgresType { .bytea }
    package static var arrayType: PostgresType { .byteaArray }

    package func encode(into writer: inout PostgresByteWriter) { writer.append(contentsOf: bytes) }

    package static func decode(binary bytes: RawSpan) throws(PostgresError) -> PostgresBytes {
        PostgresBytes(bytes.copied)
    }
}
