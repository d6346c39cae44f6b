package import FoundationEssentials

extension UUID: PostgresArrayElement {
    package static var postgresType: PostgresType { .uuid }
    package static var arrayType: PostgresType { .uuidArray }

    package func encode(into writer: inout PostgresByteWriter) {
        unsafe withUnsafeBytes(of: uuid) { unsafe writer.append(contentsOf: $0) }
    }

    package static func decode(binary bytes: RawSpan) throws(PostgresError) -> UUID {
        guard bytes.byteCount == 16 else { throw .wrongSize(postgresType, bytes.byteCount) }
        return UUID(uuid: unsafe bytes.unsafeLoadUnaligned(as: uuid_t.self))
    }

    package static func decode(array bytes: RawSpan) throws(PostgresError) -> [UUID] {
        let count = try bytes.arrayCount(of: arrayType, size: 16)
        var values: [UUID] = []
        values.reserveCapacity(count)
        for index in 0..<count {
            values.append(UUID(uuid: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 24 + index * 20, as: uuid_t.self)))
        }
        return values
    }
}
