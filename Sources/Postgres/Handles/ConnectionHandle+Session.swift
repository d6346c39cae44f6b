import CLibPQ

/// Blocking calls, for a connection that has a thread to itself.
extension ConnectionHandle {
    /// Runs one or more commands, without parameters; gives the last result.
    mutating func execute(script: String) throws(PostgresError) -> PostgresResult {
        try unsafe checked(PQexec(raw, script), statement: nil)
    }

    /// Runs one command with parameters and rows as text.
    mutating func executeText(_ sql: String, _ parameters: [String?]) throws(PostgresError) -> PostgresResult {
        let values = CStringList(parameters)
        let result = unsafe values.withPointers { values in
            unsafe PQexecParams(raw, sql, CInt(parameters.count), nil, values, nil, nil, 0)
        }
        return try unsafe checked(result, statement: nil)
    }

    mutating func prepare(_ text: StatementText) throws(PostgresError) {
        let types = text.parameterTypes.map(\.oid)
        _ = try unsafe checked(PQprepare(raw, text.name, text.text, CInt(types.count), types), statement: text.name)
    }

    /// Parameters and columns of a prepared statement, as the server sees them.
    mutating func describe(_ name: String) throws(PostgresError) -> PostgresResult {
        try unsafe checked(PQdescribePrepared(raw, name), statement: name)
    }

    /// Queues one call of a prepared statement and waits for its rows.
    mutating func executePrepared(_ name: String, _ parameters: borrowing PostgresParameters) throws(PostgresError) -> PostgresResult {
        guard sendPrepared(name, parameters) else { throw localFailure(statement: name) }
        let result = nextResult()
        while nextResult() != nil {}
        guard let result else { throw localFailure(statement: name) }
        return try checked(result, statement: name)
    }

    mutating func putCopy(_ bytes: [UInt8]) throws(PostgresError) {
        let status = unsafe bytes.withUnsafeBytes { bytes in
            unsafe PQputCopyData(raw, bytes.assumingMemoryBound(to: CChar.self).baseAddress, CInt(bytes.count))
        }
        guard status == 1 else { throw localFailure() }
    }

    /// Ends COPY and gives the number of rows; `reason` makes it fail.
    mutating func endCopy(failing reason: String? = nil) throws(PostgresError) -> Int {
        guard unsafe PQputCopyEnd(raw, reason) == 1 else { throw localFailure() }
        let result = nextResult()
        while nextResult() != nil {}
        guard let result else { throw localFailure() }
        return try checked(result, statement: nil).affectedRows
    }

    /// Asks the server from another thread to cancel what the connection is doing.
    func cancellation() -> CancellationHandle? { unsafe PQgetCancel(raw).map { unsafe CancellationHandle(owning: $0) } }

    private func checked(_ result: OpaquePointer?, statement: String?) throws(PostgresError) -> PostgresResult {
        guard let result = unsafe result else { throw localFailure(statement: statement) }
        return try checked(unsafe PostgresResult(owning: result), statement: statement)
    }

    private func checked(_ result: consuming PostgresResult, statement: String?) throws(PostgresError) -> PostgresResult {
        guard result.kind != .error else { throw result.failure(statement: statement) }
        return result
    }
}
