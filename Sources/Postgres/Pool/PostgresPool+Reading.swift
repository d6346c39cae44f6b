extension PostgresPool {
    /// Every row.
    ///
    /// - Parameter settings: hold for this statement only, under the same Sync.
    package func all<Statement: PostgresStatement>(
        _ statement: Statement, settings: [PostgresSetting] = []
    ) async throws(PostgresError) -> [Statement.Row] {
        try await send(statement, settings).decodeAll(Statement.self)
    }

    /// The only row, nil when there is none.
    ///
    /// - Parameter isAhead: others wait for the answer, so it travels on connections of its own kind. For quick statements only.
    /// - Throws: `unexpectedRowCount` for several rows.
    package func first<Statement: PostgresStatement>(
        _ statement: Statement, settings: [PostgresSetting] = [], isAhead: Bool = false
    ) async throws(PostgresError) -> Statement.Row? {
        try await send(statement, settings, isAhead: isAhead).decodeFirst(Statement.self)
    }

    /// The only row.
    ///
    /// - Throws: `unexpectedRowCount` for none or several.
    package func one<Statement: PostgresStatement>(
        _ statement: Statement, settings: [PostgresSetting] = []
    ) async throws(PostgresError) -> Statement.Row {
        try await send(statement, settings).decodeOne(Statement.self)
    }

    /// The number of affected rows.
    ///
    /// One statement, one commit: what belongs together needs ``transaction(settings:mode:isolation:_:)``.
    package func execute<Statement: PostgresStatement>(
        _ statement: Statement, settings: [PostgresSetting] = []
    ) async throws(PostgresError) -> Int {
        try await send(statement, settings).affectedRows
    }

    /// Lends the undecoded result to `body`, for example to write JSON straight from it.
    package func withResult<Statement: PostgresStatement, T>(
        _ statement: Statement, settings: [PostgresSetting] = [], _ body: (borrowing PostgresResult) throws -> T
    ) async throws -> T {
        try body(try await send(statement, settings))
    }

    private func send<Statement: PostgresStatement>(
        _ statement: Statement, _ settings: [PostgresSetting], isAhead: Bool = false
    ) async throws(PostgresError) -> PostgresResult {
        let opening = settings.isEmpty ? [] : [PipelineCall.settings(settings)]
        return try await perform(
            PostgresRequest(
                PipelineCall(statement), opening: opening, patience: configuration.acquireTimeout, isAhead: isAhead,
                tracer: configuration.tracer))
    }
}
