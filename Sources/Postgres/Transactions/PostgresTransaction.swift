import Synchronization

/// A transaction on a connection of its own: lent to a closure, and over with it.
///
/// BEGIN travels with the first statement; a transaction without statements costs no round trip.
package struct PostgresTransaction: ~Copyable, Sendable {
    private let pool: PostgresPool
    private let token: UInt64
    private let opening: [PipelineCall]
    private let hasBegun = Atomic(false)

    init(pool: PostgresPool, token: UInt64, mode: PostgresTransactionMode, settings: [PostgresSetting]) {
        self.pool = pool
        self.token = token
        opening = [mode.begin] + (settings.isEmpty ? [] : [PipelineCall.settings(settings)])
    }

    /// Every row.
    package func all<Statement: PostgresStatement>(_ statement: Statement) async throws(PostgresError) -> [Statement.Row] {
        try await send(PipelineCall(statement)).decodeAll(Statement.self)
    }

    /// The only row, nil when there is none.
    package func first<Statement: PostgresStatement>(_ statement: Statement) async throws(PostgresError) -> Statement.Row? {
        try await send(PipelineCall(statement)).decodeFirst(Statement.self)
    }

    /// The only row.
    package func one<Statement: PostgresStatement>(_ statement: Statement) async throws(PostgresError) -> Statement.Row {
        try await send(PipelineCall(statement)).decodeOne(Statement.self)
    }

    /// The number of affected rows.
    @discardableResult
    package func execute<Statement: PostgresStatement>(_ statement: Statement) async throws(PostgresError) -> Int {
        try await send(PipelineCall(statement)).affectedRows
    }

    /// Lends the undecoded result to `body`.
    package func withResult<Statement: PostgresStatement, T>(
        _ statement: Statement, _ body: (borrowing PostgresResult) throws -> T
    ) async throws -> T {
        try body(try await send(PipelineCall(statement)))
    }

    /// Before COMMIT nothing has happened, whatever went wrong.
    private func send(_ call: PipelineCall) async throws(PostgresError) -> PostgresResult {
        let isFirst = !hasBegun.exchange(true, ordering: .relaxed)
        let settings = pool.configuration
        let request = PostgresRequest(
            call, opening: isFirst ? opening : [], patience: settings.acquireTimeout, tracer: settings.tracer)
        do throws(PostgresError) {
            return try await request.answer { pool.post(.converse(token, $0)) }
        } catch {
            throw error.with(effect: .nothingHappened)
        }
    }

    // MARK: For the pool

    func commit() async throws(PostgresError) {
        guard hasBegun.load(ordering: .relaxed) else { return }
        let result: PostgresResult
        do throws(PostgresError) {
            result = try await end(StatementText(name: "postgres.Commit", text: "commit"))
        } catch {
            // A session ended while it commits may have committed.
            throw error.endsSession ? error.with(effect: .unknown) : error
        }
        guard result.commandTag == "COMMIT" else {
            throw PostgresError(.transactionAborted, "an earlier statement of the transaction had failed")
        }
    }

    /// Whether the connection can be used again.
    func rollBack() async -> Bool {
        guard hasBegun.load(ordering: .relaxed) else { return true }
        do throws(PostgresError) {
            _ = try await end(StatementText(name: "postgres.Rollback", text: "rollback"))
            return true
        } catch {
            return false
        }
    }

    private func end(_ text: StatementText) async throws(PostgresError) -> PostgresResult {
        let request = PostgresRequest(
            PipelineCall(text), patience: pool.configuration.acquireTimeout, tracer: pool.configuration.tracer)
        return try await request.shieldedAnswer { pool.post(.converse(token, $0)) }
    }
}
