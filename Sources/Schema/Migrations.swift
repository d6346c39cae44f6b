package import Logging
package import Postgres

extension EmbeddedMigration {
    /// The migrator of this program's schema.
    ///
    /// - Parameter session: a connection of the owner; the caller closes it.
    package static func migrator(on session: PostgresSession, logger: Logger) -> Migrator {
        let migrations = EmbeddedMigrations.all.map { migration in
            Migration(
                number: migration.number, name: migration.name, text: migration.text, isTransactional: migration.transactional)
        }
        return Migrator(migrations: migrations, session: session, table: table, logger: logger)
    }

    private static var table: MigrationTable {
        guard let table = MigrationTable(schema: "public", name: "plateau_migration") else {
            preconditionFailure("a plain lower-case name")
        }
        return table
    }
}
