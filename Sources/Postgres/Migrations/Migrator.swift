package import Logging

/// Brings a database's schema forward, one numbered script after the other.
///
/// Each script runs in a transaction of its own together with its record, so a failure leaves the database at the step before. Migrators
/// take turns by an advisory lock. There is no way back: an error in an applied migration is corrected by a new one.
package struct Migrator: Sendable {
    let migrations: [Migration]
    let session: PostgresSession
    let statements: MigrationStatements
    let patience: MigrationPatience
    let logger: Logger

    /// - Parameters:
    ///   - migrations: the whole history, numbered from 1 without gaps.
    ///   - session: a connection of its own as the owner of the schema; the caller closes it.
    ///   - table: where the record is kept; its schema has to exist.
    package init(
        migrations: [Migration], session: PostgresSession, table: MigrationTable, patience: MigrationPatience = MigrationPatience(),
        logger: Logger
    ) {
        self.migrations = migrations
        self.session = session
        self.patience = patience
        self.logger = logger
        statements = MigrationStatements(table: table)
    }

    /// What the database has and lacks; changes nothing.
    ///
    /// - Throws: ``MigrationError`` when record and files contradict each other; ``PostgresError``.
    package func plan() async throws -> MigrationPlan {
        var checksums: [String] = []
        for migration in migrations { checksums.append(try await checksum(of: migration)) }
        return try MigrationPlan(known: migrations, checksums: checksums, applied: try await appliedRows())
    }

    /// Returns when the database has exactly the migrations known.
    ///
    /// - Throws: ``MigrationError`` with code `pending` when some are still to be applied, and as ``plan()`` does.
    package func verify() async throws {
        guard let next = try await plan().pending.first else { return }
        throw MigrationError(.pending, file: next.fileName, "not applied yet. Run the migrations first.")
    }

    /// Applies what is pending.
    ///
    /// - Parameter dryRun: runs the scripts and takes everything back; stops before the first one that can't run in a transaction.
    /// - Returns: the migrations applied, or tried.
    /// - Throws: ``MigrationError``, which names the file and quotes the server; ``PostgresError`` for failures around the scripts.
    @discardableResult
    package func apply(dryRun: Bool = false) async throws -> [Migration] {
        try await takeTurn()
        do {
            let done = dryRun ? try await tryPending() : try await applyPending()
            try await endTurn()
            return done
        } catch {
            // A lost connection has given the lock back already; the first error is the one to report.
            try? await endTurn()
            throw error
        }
    }

    private func applyPending() async throws -> [Migration] {
        try await session.execute(script: statements.create)
        let pending = try await plan().pending
        for migration in pending { try await MigrationRun(migration: migration, migrator: self).apply() }
        return pending
    }

    private func tryPending() async throws -> [Migration] {
        let pending = try await plan().pending
        let tried = Array(pending.prefix { $0.isTransactional })
        try await session.execute(script: "begin")
        let failure = await failure(of: tried)
        try await session.execute(script: "rollback")
        if let failure { throw failure }
        return tried
    }

    /// Asks again and again rather than waiting in the server: a waiting statement holds a snapshot, and `CREATE INDEX CONCURRENTLY`
    /// of the other migrator would wait for it in turn.
    private func takeTurn() async throws {
        let deadline = patience.clock.now.advanced(by: patience.forOtherMigrator)
        while try await session.queryText(statements.lock, ["\(statements.table)"]) != [["t"]] {
            guard patience.clock.now < deadline else {
                throw MigrationError(.busy, "Another migrator has been at work for \(patience.forOtherMigrator).")
            }
            try await patience.clock.sleep(for: .milliseconds(200))
        }
    }

    private func failure(of tried: [Migration]) async -> (any Error)? {
        do {
            for migration in tried { try await MigrationRun(migration: migration, migrator: self).tryOut() }
            return nil
        } catch {
            return error
        }
    }

    private func endTurn() async throws {
        _ = try await session.queryText(statements.unlock, ["\(statements.table)"])
    }

    func checksum(of migration: Migration) async throws -> String {
        try await session.queryText(statements.checksum, [migration.text]).first?.first.flatMap { $0 } ?? ""
    }

    private func appliedRows() async throws -> [MigrationPlan.Applied] {
        guard try await session.queryText(statements.exists, ["\(statements.table)"]).first?.first.flatMap({ $0 }) != nil else { return [] }
        return try await session.queryText(statements.applied, []).compactMap { row in
            guard row.count == 4, let number = row[0].flatMap({ Int($0) }) else { return nil }
            return MigrationPlan.Applied(number: number, name: row[1] ?? "", checksum: row[2] ?? "", appliedAt: row[3] ?? "")
        }
    }
}
