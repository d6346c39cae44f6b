/// The text of a `jsonb` value, passed on as it is and never parsed here.
///
/// Reads both `jsonb` (a version byte comes first) and `json`; writes `jsonb`.
package struct PostgresJSON: Hashable, Sendable, PostgresArrayElement {
    package var utf8: [UInt8]

    package init(utf8: [UInt8]) { self.utf8 = utf8 }

    package init(text: String) { utf8 = Array(text.utf8) }

    package var text: String { String(decoding: utf8, as: UTF8.self) }

    package static var postgresType: PostgresType { .jsonb }
    package static var arrayType: PostgresType { .jsonbArray }

    /// The only version of the binary form there is.
    private static let version: UInt8 = 1

    package func encode(into writer: inout PostgresByteWriter) {
        writer.append(Self.version)
        writer.append(contentsOf: utf8)
    }

    package static func decode(binary bytes: RawSpan) throws(PostgresError) -> PostgresJSON {
        guard bytes.byteCount > 0 else { throw .wrongSize(postgresType, 0) }
        // No JSON text starts with the byte 1, so the two forms cannot be confused.
        let isBinary = bytes.bigEndian(as: UInt8.self) == version
        return PostgresJSON(utf8: (isBinary ? bytes.extracting(droppingFirst: 1) : bytes).copied)
    }
}
