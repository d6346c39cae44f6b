/// Reads the named statements of one query file.
///
/// ```sql
/// -- name: FindCentre :maybe
/// -- One centre as of today.
/// -- param id uuid as CentreID not null
/// -- column name text not null
/// select name from centres.centre where id = @id;
/// ```
struct QueryFile {
    private let file: SourceFile
    private var statements: [QueryStatement] = []
    private var body: [Substring] = []
    private var bodyLine = 0

    private init(_ file: SourceFile) {
        self.file = file
    }

    static func statements(in file: SourceFile) throws(EmbeddingError) -> [QueryStatement] {
        var reader = QueryFile(file)
        for (index, line) in file.lines.enumerated() { try reader.read(line, number: index + 1) }
        try reader.finishStatement()
        return reader.statements
    }

    private mutating func read(_ line: Substring, number: Int) throws(EmbeddingError) {
        let words = line.split { $0 == " " || $0 == "\t" }
        if words.first == "--", words.dropFirst().first == "name:" {
            try finishStatement()
            statements.append(try header(words.dropFirst(2), number: number))
        } else if words.first?.hasPrefix("--") == true, body.isEmpty {
            try readComment(line, words, number: number)
        } else if !words.isEmpty || !body.isEmpty {
            guard !statements.isEmpty else {
                throw file.fault(number, "missing header: write “-- name: VerbNoun :one” before the statement")
            }
            if body.isEmpty { bodyLine = number }
            body.append(line)
        }
    }

    private func header(_ words: ArraySlice<Substring>, number: Int) throws(EmbeddingError) -> QueryStatement {
        guard let name = words.first, SwiftIdentifier.isUpperCamelCase(name) else {
            throw file.fault(number, "a statement needs an UpperCamelCase name")
        }
        let marks = words.dropFirst()
        guard marks.count == 1, let mark = marks.first, mark.hasPrefix(":"),
            let cardinality = QueryStatement.Cardinality(rawValue: String(mark.dropFirst()))
        else {
            let known = QueryStatement.Cardinality.allCases.map { ":\($0)" }.joined(separator: ", ")
            throw file.fault(number, "\(name): unknown cardinality “\(marks.joined(separator: " "))”; known: \(known)")
        }
        return QueryStatement(name: String(name), cardinality: cardinality, line: number)
    }

    /// A comment before the body: a field, a line of documentation, or (before the first header) a word about the file.
    private mutating func readComment(_ line: Substring, _ words: [Substring], number: Int) throws(EmbeddingError) {
        guard !statements.isEmpty else { return }
        let last = statements.count - 1
        switch words.dropFirst().first {
        case "param" where words[0] == "--":
            statements[last].parameters.append(try QueryField(words.dropFirst(2), in: file, line: number))
        case "column" where words[0] == "--":
            statements[last].columns.append(try QueryField(words.dropFirst(2), in: file, line: number))
        default:
            let text = line.drop { $0 == " " || $0 == "\t" }.drop { $0 == "-" }
            statements[last].documentation.append(String(text.first == " " ? text.dropFirst() : text))
        }
    }

    private mutating func finishStatement() throws(EmbeddingError) {
        guard var statement = statements.popLast() else { return }
        guard !body.isEmpty else { throw file.fault(statement.line, "\(statement.name) has no text") }
        try check(statement)
        let rewriter = PlaceholderRewriter(file: file, firstLine: bodyLine, parameters: statement.parameters)
        statement.text = try rewriter.rewrite(body.joined(separator: "\n"))
        while statement.documentation.last?.isEmpty == true { statement.documentation.removeLast() }
        statements.append(statement)
        body = []
    }

    private func check(_ statement: QueryStatement) throws(EmbeddingError) {
        if let twin = statements.first(where: { $0.name == statement.name }) {
            throw file.fault(statement.line, "duplicate name \(statement.name); the first stands on line \(twin.line)")
        }
        for fields in [statement.parameters, statement.columns] {
            var seen: Set<String> = []
            for field in fields where !seen.insert(field.swiftName).inserted {
                throw file.fault(field.line, "duplicate field \(field.name) in \(statement.name)")
            }
        }
        switch (statement.cardinality, statement.columns.isEmpty) {
        case (.exec, false): throw file.fault(statement.line, "\(statement.name) is :exec, which gives no columns")
        case (.one, true), (.maybe, true), (.many, true):
            throw file.fault(statement.line, "\(statement.name) is :\(statement.cardinality) and declares no column")
        default: break
        }
    }
}
