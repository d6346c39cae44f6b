extension Bool: PostgresArrayElement {
    package static var postgresType: PostgresType { .bool }
    package static var arrayType: PostgresType { .boolArray }

    package func encode(into writer: inout PostgresByteWriter) { writer.append(self ? 1 : 0) }

    package static func decode(binary bytes: RawSpan) throws(PostgresError) -> Bool {
        guard bytes.byteCount == 1 else { throw .wrongSize(postgresType, bytes.byteCount) }
        return bytes.bigEndian(as: UInt8.self) != 0
    }
}

extension Int16: PostgresArrayElement {
    package static var postgresType: PostgresType { .int2 }
    package static var arrayType: PostgresType { .int2Array }

    package func encode(into writer: inout PostgresByteWriter) { writer.append(bigEndian: self) }

    package static func decode(binary bytes: RawSpan) throws(PostgresError) -> Int16 {
        guard bytes.byteCount == 2 else { throw .wrongSize(postgresType, bytes.byteCount) }
        return bytes.bigEndian(as: Int16.self)
    }
}

extension Int32: PostgresArrayElement {
    package static var postgresType: PostgresType { .int4 }
    package static var arrayType: PostgresType { .int4Array }

    package func encode(into writer: inout PostgresByteWriter) { writer.append(bigEndian: self) }

    package static func decode(binary bytes: RawSpan) throws(PostgresError) -> Int32 {
        guard bytes.byteCount == 4 else { throw .wrongSize(postgresType, bytes.byteCount) }
        return bytes.bigEndian(as: Int32.self)
    }

    package static func decode(array bytes: RawSpan) throws(PostgresError) -> [Int32] {
        let count = try bytes.arrayCount(of: arrayType, size: 4)
        return (0..<count).map { bytes.int32(ofArray: $0) }
    }
}

extension Int64: PostgresArrayElement {
    package static var postgresType: PostgresType { .int8 }
    package static var arrayType: PostgresType { .int8Array }

    package func encode(into writer: inout PostgresByteWriter) { writer.append(bigEndian: self) }

    package static func decode(binary bytes: RawSpan) throws(PostgresError) -> Int64 {
        guard bytes.byteCount == 8 else { throw .wrongSize(postgresType, bytes.byteCount) }
        return bytes.bigEndian(as: Int64.self)
    }
}

extension Double: PostgresArrayElement {
    package static var postgresType: PostgresType { .float8 }
    package static var arrayType: PostgresType { .float8Array }

    package func encode(into writer: inout PostgresByteWriter) { writer.append(bigEndian: bitPattern) }

    package static func decode(binary bytes: RawSpan) throws(PostgresError) -> Double {
        guard bytes.byteCount == 8 else { throw .wrongSize(postgresType, bytes.byteCount) }
        return Double(bitPattern: bytes.bigEndian(as: UInt64.self))
    }
}
