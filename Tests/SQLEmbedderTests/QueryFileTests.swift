import Testing

@testable import SQLEmbedder

struct QueryFileTests {
    private func statements(_ text: String) throws -> [QueryStatement] {
        try QueryFile.statements(in: SourceFile(path: "queries/centres/find.sql", text: text))
    }

    @Test func `a header gives name, cardinality, documentation, parameters and columns`() throws {
        let found = try statements(
            """
            -- Finding centres.

            -- name: FindCentre :maybe
            -- One centre as of today.
            --
            -- Closed ones too.
            -- param id uuid as CentreID not null
            -- param at timestamptz
            -- column id uuid as CentreID not null
            -- column closed_on date
            -- column tags text[] not null
            select c.id, c.closed_on, c.tags -- three
            from centres.centre as c where c.id = @id and c.at < @at;

            -- name: TouchCentre :exec
            -- param ids uuid[] as CentreID not null
            update centres.centre set touched = true where id = any(@ids)
            """)
        #expect(found.map(\.name) == ["FindCentre", "TouchCentre"])
        #expect(found.map(\.cardinality) == [.maybe, .exec])
        #expect(found[0].documentation == ["One centre as of today.", "", "Closed ones too."])
        #expect(found[0].parameters.map(\.swiftType) == ["CentreID", "Instant?"])
        #expect(found[0].columns.map(\.swiftName) == ["id", "closedOn", "tags"])
        #expect(found[0].columns.map(\.swiftType) == ["CentreID", "LocalDay?", "[String]"])
        #expect(found[0].columns.map(\.type.constant) == ["uuid", "date", "textArray"])
        #expect(found[0].text.hasSuffix("where c.id = $1 and c.at < $2"))
        #expect(found[1].parameters.map(\.swiftType) == ["[CentreID]"])
        #expect(found[1].text == "update centres.centre set touched = true where id = any($1)")
    }

    @Test(arguments: [
        ("select 1;", 1, "missing header"),
        ("-- name: A :few\n-- column a int4\nselect 1", 1, "A: unknown cardinality “:few”"),
        ("-- name: A\nselect 1", 1, "A: unknown cardinality"),
        ("-- name: findIt :one\nselect 1", 1, "a statement needs an UpperCamelCase name"),
        ("-- name: A :one\n-- column a money\nselect 1", 2, "unknown type “money”"),
        ("-- name: A :one\n-- column a int4 notnull\nselect 1", 2, "a: cannot read “notnull”"),
        ("-- name: A :one\n-- column a int4 as Int-4\nselect 1", 2, "“Int-4” is not a Swift type"),
        ("-- name: A :one\n-- column A int4\nselect 1", 2, "a field needs a snake_case name"),
        ("-- name: A :one\n-- column a\nselect 1", 2, "a needs a type"),
        ("-- name: A :one\n-- column a int4\n-- column a int4\nselect 1", 3, "duplicate field a in A"),
        ("-- name: A :exec\n-- column a int4\nselect 1", 1, "A is :exec"),
        ("-- name: A :many\nselect 1", 1, "A is :many and declares no column"),
        ("-- name: A :exec\n\n-- name: B :exec\nselect 1", 1, "A has no text"),
        ("-- name: A :exec\nselect 1;\n-- name: A :exec\nselect 2;", 3, "duplicate name A; the first stands on line 1"),
        ("-- name: A :exec\nselect 1;\nselect 2;", 3, "a second statement needs a header of its own"),
        ("-- name: A :exec\nselect 1\nwhere @b", 3, "undeclared parameter @b"),
    ])
    func `a fault names file, line and reason`(text: String, line: Int, message: String) throws {
        let error = try #require(throws: EmbeddingError.self) { try statements(text) }
        #expect(error.line == line)
        #expect(error.message.hasPrefix(message), "\(error.message)")
        #expect("\(error)".hasPrefix("queries/centres/find.sql:\(line): error: "))
    }

    @Test func `a name is used once in a slice`() throws {
        let first = SourceFile(path: "a.sql", text: "-- name: A :exec\nselect 1")
        let second = SourceFile(path: "b.sql", text: "\n-- name: A :exec\nselect 1")
        #expect(throws: EmbeddingError(file: "b.sql", line: 2, message: "duplicate name A; the first stands at a.sql:1")) {
            try Embedding.statements(slice: "centres").source(from: [second, first])
        }
    }
}
