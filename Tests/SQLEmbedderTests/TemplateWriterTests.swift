import Testing

@testable import SQLEmbedder

struct TemplateWriterTests {
    @Test
    func `each file is a text under its whole name, whatever stands in it`() throws {
        let files = [
            SourceFile(path: "/a/home.mustache", text: "<p class=\"a\">{{t.b}}</p>\n\"\"\"#\n"),
            SourceFile(path: "/a/plateau.css", text: "a { color: #fff }"),
        ]
        let source = try Embedding(named: "templates").source(from: files)
        #expect(source.contains("static let all: [String: String] = ["))
        #expect(source.contains("\"home.mustache\": ##\"\"\""))
        #expect(source.contains("\"plateau.css\": #\"\"\""))
        #expect(source.contains("{{t.b}}"))
    }

    @Test
    func `without files there is an empty list`() throws {
        #expect(try Embedding(named: "templates").source(from: []).contains("        :\n"))
    }
}
