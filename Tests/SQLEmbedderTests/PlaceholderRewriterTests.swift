import Testing

@testable import SQLEmbedder

struct PlaceholderRewriterTests {
    private func rewrite(_ text: String, parameters: [String] = ["id", "at"]) throws -> String {
        let file = SourceFile(path: "q.sql", text: text)
        let used = try parameters.filter { text.contains("@\($0)") }
            .map { try QueryField(["\($0)", "uuid"], in: file, line: 100) }
        return try PlaceholderRewriter(file: file, firstLine: 1, parameters: used).rewrite(text)
    }

    @Test(arguments: [
        ("select @id", "select $1"),
        ("select f(@id,@at,@id)", "select f($1,$2,$1)"),
        ("where id=@id and at =@at::timestamptz", "where id=$1 and at =$2::timestamptz"),
        ("select\n\t@id", "select\n\t$1"),
        ("select a[@id]", "select a[$1]"),
        ("select 1;\n-- the end\n", "select 1"),
        ("select 1 ; /* done; */", "select 1"),
    ])
    func `a named parameter becomes its number`(text: String, expected: String) throws {
        #expect(try rewrite(text) == expected)
    }

    @Test(arguments: [
        "select a <@ b, b @> c, d @@ e, @ -5, f <@@ g",
        "select '@id; $1', E'it\\'s @id', \"@id\", 'it''s @id'",
        "select 1 -- @id; $1\n, 2",
        "select /* @id /* nested @at */ ; */ 1",
        "do $$ begin perform @id; perform $1; end $$",
        "do $body$ select @id; $$ $1 $$ $body$",
        "select a$1, b$x$ from t",
        "select body like '%@', c@d from t",
    ])
    func `operators, literals, comments and bodies stay as they are`(text: String) throws {
        #expect(try PlaceholderRewriter(file: SourceFile(path: "q.sql", text: text), firstLine: 1, parameters: []).rewrite(text) == text)
    }

    @Test(arguments: [
        ("select 1\nwhere a = @other", 2, "undeclared parameter @other"),
        ("select 1\n\nwhere a <@id", 3, "write a space before @id"),
        ("select $1, @id", 1, "write @name, not a position"),
        ("select @id; select 2", 1, "a second statement"),
        ("select @id;\n'x'", 2, "a second statement"),
        ("select @id,\n'open", 2, "this string is never closed"),
        ("select @id,\n\n/* open /* */", 3, "this comment is never closed"),
        ("select @id, $q$ open $Q$", 1, "this dollar-quoted body is never closed"),
    ])
    func `a fault names its line`(text: String, line: Int, message: String) throws {
        let error = try #require(throws: EmbeddingError.self) { try rewrite(text) }
        #expect(error.line == line)
        #expect(error.message.hasPrefix(message))
    }

    @Test func `an unused parameter is a fault on its own line`() throws {
        let file = SourceFile(path: "q.sql", text: "")
        let parameter = try QueryField(["id", "uuid"], in: file, line: 7)
        let rewriter = PlaceholderRewriter(file: file, firstLine: 9, parameters: [parameter])
        #expect(throws: EmbeddingError(file: "q.sql", line: 7, message: "parameter id is never used")) {
            try rewriter.rewrite("select '@id'")
        }
    }
}
