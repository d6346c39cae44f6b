/// A migration as its file names it: `0001_first_words.sql`.
struct MigrationFile: Equatable {
    var number: Int
    var name: String
    var text: String
    /// False when the header says `-- transaction: none`.
    var transactional: Bool

    init(_ file: SourceFile) throws(EmbeddingError) {
        let stem = file.lastComponent.dropLast(4)
        let digits = stem.prefix { $0.isASCII && $0.isNumber }
        let name = stem.dropFirst(digits.count)
        guard digits.count == 4, let number = Int(digits), name.first == "_", SwiftIdentifier.isSnakeCase(name.dropFirst()) else {
            throw file.fault(1, "a migration is named 0001_what_it_does.sql")
        }
        let header = file.lines.prefix { $0.hasPrefix("--") }
        guard !header.isEmpty else { throw file.fault(1, "missing header: say in a comment what it does and which locks it takes") }
        self.number = number
        self.name = String(name.dropFirst())
        text = file.text
        transactional = !header.contains { $0.split(separator: " ") == ["--", "transaction:", "none"] }
    }

    /// All of them in order.
    ///
    /// - Throws: for a number used twice or left out.
    static func inOrder(_ files: [SourceFile]) throws(EmbeddingError) -> [MigrationFile] {
        var migrations: [MigrationFile] = []
        for file in files.sorted(by: { $0.lastComponent < $1.lastComponent }) {
            let migration = try MigrationFile(file)
            guard migration.number == migrations.count + 1 else {
                throw file.fault(1, "migrations are numbered without gaps: expected \(migrations.count + 1), found \(migration.number)")
            }
            migrations.append(migration)
        }
        return migrations
    }
}
