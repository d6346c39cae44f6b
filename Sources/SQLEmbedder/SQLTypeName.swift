/// A PostgreSQL type that a header may name, with the Swift type and the `PostgresType` constant that stand for it.
struct SQLTypeName: Equatable {
    var swiftType: String
    var constant: String

    /// The element types; a `[]` behind one of them makes an array.
    static let elements: [String: SQLTypeName] = [
        "bool": SQLTypeName(swiftType: "Bool", constant: "bool"),
        "int2": SQLTypeName(swiftType: "Int16", constant: "int2"),
        "int4": SQLTypeName(swiftType: "Int32", constant: "int4"),
        "int8": SQLTypeName(swiftType: "Int64", constant: "int8"),
        "float8": SQLTypeName(swiftType: "Double", constant: "float8"),
        "text": SQLTypeName(swiftType: "String", constant: "text"),
        "uuid": SQLTypeName(swiftType: "UUID", constant: "uuid"),
        "bytea": SQLTypeName(swiftType: "[UInt8]", constant: "bytea"),
        "json": SQLTypeName(swiftType: "PostgresJSON", constant: "json"),
        "jsonb": SQLTypeName(swiftType: "PostgresJSON", constant: "jsonb"),
        "timestamptz": SQLTypeName(swiftType: "Instant", constant: "timestamptz"),
        "date": SQLTypeName(swiftType: "LocalDay", constant: "date"),
        "time": SQLTypeName(swiftType: "LocalTime", constant: "time"),
        "tstzrange": SQLTypeName(swiftType: "Period", constant: "tstzrange"),
        "daterange": SQLTypeName(swiftType: "PostgresRange<LocalDay>", constant: "daterange"),
        "int8range": SQLTypeName(swiftType: "PostgresRange<Int64>", constant: "int8range"),
    ]

    /// - Parameters:
    ///   - text: as the header spells it, for example `uuid[]`.
    ///   - override: the Swift type behind `as`; for an array it names the element unless it is bracketed itself.
    /// - Returns: nil when the type is unknown.
    static func named(_ text: Substring, as override: Substring?) -> SQLTypeName? {
        let isArray = text.hasSuffix("[]")
        guard var found = elements[String(isArray ? text.dropLast(2) : text)] else { return nil }
        if let override { found.swiftType = String(override) }
        guard isArray else { return found }
        // An array of bytes is one `bytea`, so several of them need elements of another type.
        if override == nil && found.constant == "bytea" { found.swiftType = "PostgresBytes" }
        found.constant += "Array"
        if override == nil || override?.hasPrefix("[") == false { found.swiftType = "[\(found.swiftType)]" }
        return found
    }
}
