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
}
