import Logging

@testable import Postgres

/// An empty database of one test and the ways to migrate it.
struct MigrationDatabase: Sendable {
    let name: String

    init() async throws {
        name = "migrations_\(UInt32.random(in: 0 ... .max))"
        let session = try await Self.connect("postgres")
        try await session.execute(script: "create database \(name)")
        await session.close()
    }

    func session() async throws -> PostgresSession { try await Self.connect(name) }

    func migrator(_ migrations: [Migration], patience: MigrationPatience = MigrationPatience()) async throws -> Migrator {
        guard let table = MigrationTable(schema: "public", name: "steps") else { throw CancellationError() }
        return Migrator(
            migrations: migrations, session: try await session(), table: table, patience: patience, logger: Self.quiet)
    }

    /// The only value of the only row.
    func value(_ statement: String) async throws -> String? {
        let session = try await session()
        let rows = try await session.queryText(statement, [])
        await session.close()
        return rows.first?.first.flatMap { $0 }
    }

    private static func connect(_ database: String) async throws -> PostgresSession {
        try await PostgresSession.connect(TestServer.shared.connectionString + " dbname=\(database)", logger: quiet)
    }

    private static var quiet: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }
}
