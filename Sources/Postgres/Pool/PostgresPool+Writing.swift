extension PostgresPool {
    /// Runs a statement that answers with one row, together with other tasks' writes under one commit.
    ///
    /// Its group takes the union of the members' locks first. A member that raises makes the whole group run again one by one, so
    /// a refusal that is expected should be a row. Conflicts (40001, 40P01, 55P03) are tried again, five times in all.
    ///
    /// - Parameter locks: what the statement would lock; nil when that is not known beforehand, and then it runs alone.
    /// - Returns: `.done` only after the commit.
    package func write<Statement: PostgresStatement>(
        _ statement: Statement, locks: [PostgresLock]?
    ) async -> PostgresOutcome<Statement.Row> {
        let request = PostgresRequest(PipelineCall(statement), patience: configuration.acquireTimeout, tracer: configuration.tracer)
        let result: PostgresResult
        do throws(PostgresError) {
            let sorted = locks.map(PostgresLock.union)
            result = try await request.answer { post(.write(PendingWrite(request: $0, locks: sorted))) }
        } catch {
            return error.effect == .nothingHappened ? .failed(error) : .unknown(error)
        }
        do throws(PostgresError) {
            return .done(try result.decodeOne(Statement.self))
        } catch {
            // Committed, but not understood.
            return .unknown(error.with(effect: .unknown))
        }
    }
}
