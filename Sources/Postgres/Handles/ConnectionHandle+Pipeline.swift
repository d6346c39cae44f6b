import CLibPQ

extension ConnectionHandle {
    /// From here on requests are sent without waiting for the answers of earlier ones, and no call blocks.
    mutating func enterPipeline() throws(PostgresError) {
        guard unsafe PQsetnonblocking(raw, 1) == 0, unsafe PQenterPipelineMode(raw) == 1 else { throw localFailure() }
    }

    /// Queues the preparation of a statement.
    mutating func sendPrepare(_ text: StatementText, as name: String) -> Bool {
        let types = text.parameterTypes.map(\.oid)
        return unsafe PQsendPrepare(raw, name, text.text, CInt(types.count), types) == 1
    }

    /// Queues one call of a prepared statement, with parameters and rows in binary form.
    mutating func sendPrepared(_ name: String, _ parameters: borrowing PostgresParameters) -> Bool {
        let count = CInt(parameters.count)
        return unsafe parameters.withPointers { values, lengths, formats in
            unsafe PQsendQueryPrepared(raw, name, count, values, lengths, formats, 1) == 1
        }
    }

    /// Queues the preparation of a statement without a name and its call: both travel together, so that nothing is kept between calls.
    mutating func sendUnnamed(_ text: StatementText, _ parameters: borrowing PostgresParameters) -> Bool {
        let types = text.parameterTypes.map(\.oid)
        let count = CInt(parameters.count)
        return unsafe parameters.withPointers { values, lengths, formats in
            unsafe PQsendQueryParams(raw, text.text, count, types, values, lengths, formats, 1) == 1
        }
    }

    /// Ends a unit: what was queued since the last one commits or fails as a whole.
    mutating func sendSync() -> Bool { unsafe PQpipelineSync(raw) == 1 }

    /// Writes what is queued; true when the socket is full and must become writable first.
    mutating func flush() throws(PostgresError) -> Bool {
        let status = unsafe PQflush(raw)
        guard status >= 0 else { throw localFailure() }
        return status == 1
    }

    /// Takes in what the socket holds; false when the connection is gone (results read before may still wait).
    mutating func consumeInput() -> Bool { unsafe PQconsumeInput(raw) == 1 }

    /// The next result would make the caller wait.
    var isBusy: Bool { unsafe PQisBusy(raw) == 1 }

    /// The next result, or nil at the end of a command's results.
    ///
    /// Never blocks when `isBusy` is false.
    mutating func nextResult() -> PostgresResult? {
        unsafe PQgetResult(raw).map { unsafe PostgresResult(owning: $0) }
    }
}
