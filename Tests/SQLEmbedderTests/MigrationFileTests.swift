import Testing

@testable import SQLEmbedder

struct MigrationFileTests {
    private func migration(_ name: String, _ text: String = "-- Makes a. Locks: none.\nselect 1;\n") -> SourceFile {
        SourceFile(path: "sql/migrations/\(name)", text: text)
    }

    @Test func `a file gives number, name and transaction mode`() throws {
        let plain = try MigrationFile(migration("0012_make_a.sql"))
        #expect(plain.number == 12)
        #expect(plain.name == "make_a")
        #expect(plain.transactional)
        let alone = try MigrationFile(migration("0001_b.sql", "-- Index.\n--  transaction:  none\ncreate index;"))
        #expect(!alone.transactional)
    }

    @Test func `the mode counts in the header only`() throws {
        #expect(try MigrationFile(migration("0001_b.sql", "-- Index.\nselect 1;\n-- transaction: none\n")).transactional)
    }

    @Test(arguments: ["1_a.sql", "0001.sql", "0001_.sql", "0001_Big.sql", "a.sql"])
    func `another name is refused`(name: String) {
        #expect(throws: EmbeddingError.self) { try MigrationFile(migration(name)) }
    }

    @Test(arguments: [["0001_a.sql", "0003_c.sql"], ["0002_b.sql"], ["0001_a.sql", "0001_b.sql"]])
    func `gaps and twins are refused`(names: [String]) {
        #expect(throws: EmbeddingError.self) { try MigrationFile.inOrder(names.map { migration($0) }) }
    }

    @Test func `the enum lists them in order, text untouched`() throws {
        let files = [migration("0002_b.sql", "-- B.\nselect '\\#(x)';"), migration("0001_a.sql", "-- A.\r\nselect 1;\r\n")]
        let source = try Embedding.migrations.source(from: files)
        #expect(source.contains("number: 1, name: \"a\", transactional: true,\n"))
        #expect(source.contains("            text: #\"\"\"\n                -- A.\n                select 1;\n\n"))
        #expect(source.contains("text: ##\"\"\"\n                -- B.\n                select '\\#(x)';\n                \"\"\"##),"))
    }
}
