package import Kernel
package import Postgres

/// A value kept in a `text` column, refused on reading when the text is not one of its own.
///
/// An enum over `String` conforms by saying so, nothing else.
package protocol StoredAsText: PostgresArrayElement {
    init?(stored text: String)
    var stored: String { get }
}

extension StoredAsText {
    package static var postgresType: PostgresType { .text }
    package static var arrayType: PostgresType { .textArray }

    package func encode(into writer: inout PostgresByteWriter) {
        stored.encode(into: &writer)
    }

    package static func decode(binary bytes: RawSpan) throws(PostgresError) -> Self {
        guard let value = Self(stored: try String.decode(binary: bytes)) else {
            // The text itself may be personal data and stays out of logs.
            throw PostgresError(.decoding, "the text is not a \(Self.self)")
        }
        return value
    }
}

extension StoredAsText where Self: RawRepresentable<String> {
    package init?(stored text: String) { self.init(rawValue: text) }
    package var stored: String { rawValue }
}

extension Role: StoredAsText {}
extension Language: StoredAsText {}

extension EnterpriseNumber: StoredAsText {
    package init?(stored text: String) { self.init(text) }
    package var stored: String { digits }
}

extension EstablishmentNumber: StoredAsText {
    package init?(stored text: String) { self.init(text) }
    package var stored: String { digits }
}

extension BookingReference: StoredAsText {
    package init?(stored text: String) { self.init(text) }
    package var stored: String { characters }
}

extension Zone: StoredAsText {
    package init?(stored text: String) { self.init(text) }
    package var stored: String { identifier }
}
