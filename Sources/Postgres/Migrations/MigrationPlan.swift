/// What a database has and what it lacks.
package struct MigrationPlan: Hashable, Sendable {
    /// A row of the migrator's table.
    package struct Applied: Hashable, Sendable {
        package let number: Int
        package let name: String
        /// SHA-256 of the script, in hexadecimal.
        package let checksum: String
        /// As the server writes it.
        package let appliedAt: String
    }

    package let applied: [Applied]
    package let pending: [Migration]

    /// Compares the database's record with the migrations known.
    ///
    /// - Parameter checksums: one for each of `known`, in the same order.
    /// - Throws: ``MigrationError`` when the record and the list can't belong to one history.
    init(known: [Migration], checksums: [String], applied: [Applied]) throws(MigrationError) {
        try Self.checkNumbers(known)
        for row in applied where row.number > known.count || row.number < 1 {
            throw MigrationError(
                .newerDatabase,
                """
                The database has migration \(row.number) (\(row.name)), but this program knows only \(known.count). \
                It was migrated by a newer version: run that version or a later one.
                """)
        }
        for (row, expected) in zip(applied, 1...) where row.number != expected {
            throw MigrationError(
                .gap, file: known[expected - 1].fileName,
                "not applied, although the database has migration \(row.number) (\(row.name)), which comes after it.")
        }
        for (row, (migration, checksum)) in zip(applied, zip(known, checksums)) where row.checksum != checksum {
            throw MigrationError(
                .changed, file: migration.fileName,
                """
                this file is not the one that was applied on \(row.appliedAt) under the name \(row.name). \
                Applied migrations are never edited: restore the file and write a new one for the change.
                """)
        }
        self.applied = applied
        pending = Array(known.dropFirst(applied.count))
    }

    private static func checkNumbers(_ known: [Migration]) throws(MigrationError) {
        for (migration, expected) in zip(known, 1...) where migration.number != expected {
            throw MigrationError(.badList, file: migration.fileName, "migration \(expected) is expected at this place.")
        }
    }
}
