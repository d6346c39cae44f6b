/// Writes the `SQL` enum of one slice: a `PostgresStatement` per named statement.
struct StatementWriter {
    /// The target in lower case; it prefixes each statement's name.
    var slice: String
    var statements: [QueryStatement]

    var source: String {
        var lines = ["// Generated from sql/queries/\(slice). Do not edit.", ""]
        lines += imports + ["", "/// Every statement of this slice.", "package enum SQL {"]
        if needsKernel {
            lines += [
                "    /// Keeps the import of the kernel in use where no field names one of its types.",
                "    package typealias Moment = Instant", "",
            ]
        }
        lines += [
            "    /// For preparing and for checking against the schema.", "    package static let all: [any PostgresStatement.Type] = [",
        ]
        lines += statements.map { "        \($0.name).self," } + ["    ]"]
        for statement in statements { lines += [""] + declaration(statement) }
        return (lines + ["}", ""]).joined(separator: "\n")
    }

    private var fields: [QueryField] { statements.flatMap { $0.parameters + $0.columns } }

    private var needsKernel: Bool { !fields.isEmpty }

    /// A package import that no package declaration uses is a warning, hence an error here.
    private var imports: [String] {
        var imports: [String] = []
        if fields.contains(where: { $0.type.swiftType == "UUID" || $0.type.swiftType == "[UUID]" }) {
            imports.append("package import FoundationEssentials")
        }
        if needsKernel { imports.append("package import Kernel") }
        return imports + ["package import Postgres", "import Schema"]
    }

    private func declaration(_ statement: QueryStatement) -> [String] {
        var lines = statement.documentation.map { $0.isEmpty ? "    ///" : "    /// \($0)" }
        lines.append("    package struct \(statement.name): PostgresStatement {")
        lines += statement.parameters.map { "        package var \($0.swiftName): \($0.swiftType)" }
        lines += initializer(statement) + row(statement) + facts(statement) + binding(statement) + decoding(statement)
        return lines + ["    }"]
    }

    private func initializer(_ statement: QueryStatement) -> [String] {
        let arguments = statement.parameters.map { "\($0.swiftName): \($0.swiftType)" }.joined(separator: ", ")
        let assignments = statement.parameters.map { "            self.\($0.swiftName) = \($0.swiftName)" }
        return ["", "        package init(\(arguments)) {"] + assignments + ["        }", ""]
    }

    private func row(_ statement: QueryStatement) -> [String] {
        guard statement.cardinality != .exec else { return ["        package typealias Row = Void", ""] }
        return ["        package struct Row: Sendable {"]
            + statement.columns.map { "            package let \($0.swiftName): \($0.swiftType)" } + ["        }", ""]
    }

    private func facts(_ statement: QueryStatement) -> [String] {
        let types = statement.parameters.map { ".\($0.type.constant)" }.joined(separator: ", ")
        let columns = statement.columns.map {
            "            PostgresColumn(name: \"\($0.name)\", type: .\($0.type.constant), isNullable: \($0.isNullable)),"
        }
        let cardinality = statement.cardinality == .exec ? "none" : statement.cardinality.rawValue
        return [
            "        package static let name = \"\(slice).\(statement.name)\"",
            "        package static let cardinality = PostgresCardinality.\(cardinality)",
            "        package static let parameterTypes: [PostgresType] = [\(types)]",
            "        package static let columns: [PostgresColumn] = [",
        ] + columns + [
            "        ]",
            "        package static let text = \(SwiftIdentifier.rawLiteral(statement.text, indentation: "            "))",
            "",
        ]
    }

    private func binding(_ statement: QueryStatement) -> [String] {
        ["        package func bind(into parameters: inout PostgresParameters) {"]
            + statement.parameters.map { "            parameters.append(self.\($0.swiftName))" } + ["        }", ""]
    }

    private func decoding(_ statement: QueryStatement) -> [String] {
        let signature = "        package static func decode(_ row: borrowing PostgresRow) throws(PostgresError) -> Row {"
        guard statement.cardinality != .exec else { return [signature, "        }"] }
        let values = statement.columns.enumerated().map { index, column in
            let verb = column.isNullable ? "decodeOptional" : "decode"
            return "                \(column.swiftName): try row.\(verb)(\(index), as: \(column.type.swiftType).self)"
        }
        return [signature, "            Row(", values.joined(separator: ",\n") + ")", "        }"]
    }
}
