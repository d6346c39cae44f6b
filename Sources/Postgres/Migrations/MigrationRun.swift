import Logging

/// One migration being applied, with as many attempts as its locks need.
struct MigrationRun: Sendable {
    let migration: Migration
    let migrator: Migrator

    private var session: PostgresSession { migrator.session }
    private var statements: MigrationStatements { migrator.statements }
    private var patience: MigrationPatience { migrator.patience }

    /// Runs and records the script.
    func apply() async throws {
        for attempt in 1...max(1, patience.attempts) {
            do {
                let started = patience.clock.now
                try await prepareSession()
                try await migration.isTransactional ? runInTransaction(started) : runAlone(started)
                migrator.logger.info(
                    "migrated", metadata: ["file": "\(migration.fileName)", "duration": "\(patience.clock.now - started)"])
                return
            } catch let error as PostgresError {
                guard isPassing(error), attempt < patience.attempts else { throw failure(error) }
                migrator.logger.warning(
                    "migration waits for a lock", metadata: ["file": "\(migration.fileName)", "attempt": "\(attempt)"])
                try await patience.clock.sleep(for: patience.pause)
            }
        }
    }

    /// Runs the script within the caller's transaction.
    func tryOut() async throws {
        do {
            try await runScript()
            // What the script has set for the session must not reach the next one.
            try await prepareSession()
        } catch let error as PostgresError {
            throw failure(error)
        }
    }

    private func prepareSession() async throws {
        try await session.execute(script: statements.settings(lockTimeoutMilliseconds: patience.lockTimeoutMilliseconds))
    }

    private func runInTransaction(_ started: ContinuousClock.Instant) async throws {
        try await session.execute(script: "begin")
        do {
            try await runScript()
            // The record is the owner's, whatever role and path the script has left behind.
            try await session.execute(script: "reset role; reset search_path")
            try await record(started)
            try await session.execute(script: "commit")
        } catch {
            // Fails when the connection is gone, and with it the transaction.
            try? await session.execute(script: "rollback")
            throw error
        }
    }

    private func runScript() async throws {
        let before = try await session.queryText(statements.transaction, [])
        try await session.execute(script: migration.text)
        guard try await session.queryText(statements.transaction, []) == before else {
            throw MigrationError(
                .failed, file: migration.fileName,
                "the script ends the transaction it is run in. Take BEGIN, COMMIT and ROLLBACK out of it; what it committed remains.")
        }
    }

    private func runAlone(_ started: ContinuousClock.Instant) async throws {
        try await session.execute(script: migration.text)
        try await record(started)
    }

    private func record(_ started: ContinuousClock.Instant) async throws {
        let seconds = (patience.clock.now - started) / .seconds(1)
        let checksum = try await migrator.checksum(of: migration)
        _ = try await session.queryText(statements.record, ["\(migration.number)", migration.name, checksum, "\(seconds)"])
    }

    /// True for a failure that goes away by itself and left nothing behind.
    private func isPassing(_ error: PostgresError) -> Bool {
        error.sqlState == .lockNotAvailable || error.sqlState == .deadlockDetected
    }

    private func failure(_ error: PostgresError) -> MigrationError {
        MigrationError(.failed, file: migration.fileName, error.fullDescription, underlying: error)
    }
}
