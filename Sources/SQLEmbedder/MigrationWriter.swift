/// Writes the `EmbeddedMigrations` enum.
struct MigrationWriter {
    var migrations: [MigrationFile]

    var source: String {
        var lines = [
            "// Generated from sql/migrations. Do not edit.", "", "/// The schema's history, in order.",
            "package enum EmbeddedMigrations {",
            "    package static let all: [EmbeddedMigration] = [",
        ]
        for migration in migrations {
            lines += [
                "        EmbeddedMigration(",
                "            number: \(migration.number), name: \"\(migration.name)\", transactional: \(migration.transactional),",
                "            text: \(SwiftIdentifier.rawLiteral(migration.text, indentation: "                "))),",
            ]
        }
        return (lines + ["    ]", "}", ""]).joined(separator: "\n")
    }
}
