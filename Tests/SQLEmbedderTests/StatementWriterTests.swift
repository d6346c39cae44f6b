import Testing

@testable import SQLEmbedder

struct StatementWriterTests {
    private func source(_ text: String) throws -> String {
        try Embedding.statements(slice: "centres").source(from: [SourceFile(path: "find.sql", text: text)])
    }

    @Test func `a statement becomes a typed struct`() throws {
        let written = try source(
            """
            -- name: FindCentre :maybe
            -- One centre.
            -- param id uuid as CentreID not null
            -- param in text
            -- column id uuid not null
            -- column closed_on date
            select '#' || "#" where @id = @in;
            """)
        let expected = [
            "package import FoundationEssentials\npackage import Kernel\npackage import Postgres\nimport Schema\n",
            "    package static let all: [any PostgresStatement.Type] = [\n        FindCentre.self,\n    ]\n",
            "    /// One centre.\n    package struct FindCentre: PostgresStatement {\n        package var id: CentreID\n",
            "        package init(id: CentreID, `in`: String?) {\n            self.id = id\n            self.`in` = `in`\n",
            "        package struct Row: Sendable {\n            package let id: UUID\n            package let closedOn: LocalDay?\n",
            "        package static let name = \"centres.FindCentre\"\n",
            "        package static let cardinality = PostgresCardinality.maybe\n",
            "        package static let parameterTypes: [PostgresType] = [.uuid, .text]\n",
            "            PostgresColumn(name: \"closed_on\", type: .date, isNullable: true),\n",
            "            select '#' || \"#\" where $1 = $2\n",
            "            parameters.append(self.id)\n            parameters.append(self.`in`)\n",
            "                id: try row.decode(0, as: UUID.self),\n",
            "                closedOn: try row.decodeOptional(1, as: LocalDay.self))\n",
        ]
        for part in expected { #expect(written.contains(part), "missing: \(part)\nin:\n\(written)") }
    }

    @Test func `a slice without statements is an empty list`() throws {
        let written = try Embedding.statements(slice: "labels").source(from: [])
        #expect(written.contains("package enum SQL {"))
        #expect(!written.contains("import Kernel"))
    }

    @Test(arguments: [
        ("plain", "#"), ("say \"\"\" twice", "#"), ("\"\"\"# ends", "##"), ("\\#(interpolated)", "##"), ("\"\"\"### \\##n", "####"),
    ])
    func `a raw literal is closed by more signs than its text holds`(text: String, pounds: String) {
        #expect(SwiftIdentifier.rawLiteral(text, indentation: "  ") == "\(pounds)\"\"\"\n  \(text)\n  \"\"\"\(pounds)")
    }

    @Test func `snake case becomes camel case, and a reserved word gets backticks`() {
        #expect(SwiftIdentifier.lowerCamelCase("closed_on_day2") == "closedOnDay2")
        #expect(SwiftIdentifier.lowerCamelCase("default") == "`default`")
    }
}
