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
        let ends = parameters.ends
        let count = ends.count
        return unsafe parameters.writer.bytes.withUnsafeBufferPointer { bytes in
            unsafe withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) { values in
                unsafe withUnsafeTemporaryAllocation(of: CInt.self, capacity: count * 2) { numbers in
                    // libpq takes a null pointer for NULL, so that an empty value needs an address too.
                    let base = unsafe bytes.baseAddress.map { unsafe UnsafeRawPointer($0) } ?? Self.placeholder
                    var start = 0
                    for (index, end) in ends.enumerated() {
                        let value = unsafe (base + start).assumingMemoryBound(to: CChar.self)
                        unsafe values.initializeElement(at: index, to: end == nil ? nil : value)
                        unsafe numbers.initializeElement(at: index, to: CInt((end ?? start) - start))
                        unsafe numbers.initializeElement(at: count + index, to: 1)
                        start = end ?? start
                    }
                    let lengths = numbers.baseAddress
                    let formats = unsafe lengths.map { unsafe $0 + count }
                    return unsafe PQsendQueryPrepared(raw, name, CInt(count), values.baseAddress, lengths, formats, 1) == 1
                }
            }
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

    /// An address for values without bytes.
    private static var placeholder: UnsafeRawPointer { unsafe UnsafeRawPointer(bitPattern: 16).unsafelyUnwrapped }
}
