/// The table that records which migrations a database has.
package struct MigrationTable: Hashable, Sendable, CustomStringConvertible {
    package let schema: String
    package let name: String

    /// - Returns: nil unless both are plain lower-case identifiers, which need no quoting.
    package init?(schema: String, name: String) {
        guard Self.isPlain(schema), Self.isPlain(name) else { return nil }
        self.schema = schema
        self.name = name
    }

    package var description: String { schema + "." + name }

    private static func isPlain(_ identifier: String) -> Bool {
        guard let first = identifier.unicodeScalars.first, identifier.utf8.count <= 63 else { return false }
        let isLetter = { (scalar: Unicode.Scalar) in ("a"..."z").contains(scalar) || scalar == "_" }
        return isLetter(first) && identifier.unicodeScalars.allSatisfy { isLetter($0) || ("0"..."9").contains($0) }
    }
}
