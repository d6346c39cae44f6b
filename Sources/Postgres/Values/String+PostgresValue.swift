/// Text; the same binary form serves varchar, name and citext.
///
/// PostgreSQL's text cannot hold U+0000: the server refuses it with 22021.
extension String: PostgresArrayElement {
    package static var postgresType: PostgresType { .text }
    package static var arrayType: PostgresType { .textArray }

    package func encode(into writer: inout PostgresByteWriter) { writer.append(contentsOf: utf8) }

    package static func decode(binary bytes: RawSpan) throws(PostgresError) -> String {
        guard let text = unsafe bytes.withUnsafeBytes({ unsafe String(validating: $0, as: UTF8.self) }) else {
            throw .decoding("text is not UTF-8")
        }
        return text
    }
}
