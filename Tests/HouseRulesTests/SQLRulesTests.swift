import Foundation
import Testing

struct SQLRulesTests {
    /// Sources that may build SQL from strings, and why; one that is no longer needed fails the test.
    private static let builders: [(path: String, reason: String)] = [
        (
            "Sources/Postgres/Migrations/MigrationStatements.swift",
            "the name of the migrations' table is configuration, a plain identifier by its type"
        )
    ]

    @Test func `every statement has a name and a cardinality`() throws {
        let header = try Regex(#"^-- name: [A-Z][A-Za-z0-9]* :(one|maybe|many|exec)$"#)
        for file in Repository.queryFiles {
            let names = file.lines.enumerated().filter { $0.element.hasPrefix("-- name:") }
            report(
                names.filter { $0.element.wholeMatch(of: header) == nil }
                    .map { Violation(path: file.path, line: $0.offset + 1, rule: "a header reads “-- name: VerbNoun :one”") })
            let first = file.lines.firstIndex { !$0.isEmpty && !$0.hasPrefix("--") } ?? 0
            if names.first.map({ $0.offset > first }) ?? true {
                report([Violation(path: file.path, line: first + 1, rule: "a statement needs a header")])
            }
        }
    }

    @Test func `each folder of queries belongs to a target`() throws {
        let targets = Set(Repository.productFiles.map { $0.target.lowercased() })
        report(
            Repository.queryFiles.filter { !targets.contains($0.folder.split(separator: "/").last.map(String.init) ?? "") }
                .map { Violation(path: $0.path, line: 1, rule: "no target reads this folder") })
    }

    @Test func `migrations are numbered without gaps and name their locks`() throws {
        for (index, file) in Repository.migrationFiles.enumerated() {
            let expected = String(format: "%04d_", index + 1)
            if !file.name.hasPrefix(expected) {
                report([Violation(path: file.path, line: 1, rule: "the next migration's number is \(expected.dropLast())")])
            }
            if !file.lines.prefix(while: { $0.hasPrefix("--") }).contains(where: { $0.hasPrefix("-- lock class: ") }) {
                report([Violation(path: file.path, line: 1, rule: "its header needs “-- lock class: …”")])
            }
        }
    }

    @Test func `no SQL is built from strings`() throws {
        var used: Set<String> = []
        for file in Repository.productFiles {
            let built = try Self.builtCommands(in: file)
            if !built.isEmpty, Self.builders.contains(where: { $0.path == file.path }) {
                used.insert(file.path)
            } else {
                report(built.map { Violation(path: file.path, line: $0.line, rule: "SQL belongs in sql/, with parameters") })
            }
        }
        for builder in Self.builders where !used.contains(builder.path) {
            Issue.record("the exception for \(builder.path) is no longer needed")
        }
    }

    @Test(arguments: [
        (#""select a from \(table)""#, true), (#""SELECT f(\(x))""#, true), (#""insert into a values (\(x))""#, true),
        (#""update \(t) set a = 1""#, true), (#""begin; delete from a where b = \(x)""#, true), (#""call a.b(\(x))""#, true),
        (#""select a from b where c = " + x"#, true), ("\"\"\"\n  select a\n  from \\(b)\n  \"\"\"", true),
        (#""select a from b""#, false), (#""Select a day, \(name)""#, false), (#""please update the set \(x)""#, false),
        (#""\(n) calls (at most)""#, false),
    ])
    func `only a command with something put into it counts`(code: String, isBuilt: Bool) throws {
        #expect(try !Self.builtCommands(in: SwiftFile(path: "a.swift", text: code)).isEmpty == isBuilt)
    }

    private static func builtCommands(in file: SwiftFile) throws -> [SwiftLiteral] {
        let commands = [
            #"select\b.+\bfrom\b"#, #"select\s+[\w.]+\("#, #"insert\s+into\b"#, #"update\s+[\w.\\(]+.*\bset\b"#, #"delete\s+from\b"#,
            #"call\s+[\w.\\]+\("#,
        ]
        let sql = try Regex("(?is)(^|[;(])\\s*(\(commands.joined(separator: "|")))")
        return file.literals.filter { ($0.isInterpolated || $0.isConcatenated) && $0.text.contains(sql) }
    }
}
