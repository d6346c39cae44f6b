import CLibPQ

/// A view on one row, valid as long as its result: only ever lent, never kept.
@safe
package struct PostgresRow: ~Copyable {
    private let result: OpaquePointer
    private let index: CInt

    init(result: OpaquePointer, index: CInt) {
        unsafe self.result = unsafe result
        self.index = index
    }

    package var columnCount: Int { unsafe Int(PQnfields(result)) }

    package func isNull(_ column: Int) -> Bool { unsafe PQgetisnull(result, index, CInt(column)) != 0 }

    /// The value of a column that is not NULL; columns count from 0.
    package func decode<Value: PostgresValue>(_ column: Int, as type: Value.Type = Value.self) throws(PostgresError) -> Value {
        guard let value = try decodeOptional(column, as: type) else {
            throw .decoding("column \(columnLabel(column)) is NULL")
        }
        return value
    }

    /// The value of a column, nil for NULL.
    package func decodeOptional<Value: PostgresValue>(
        _ column: Int, as type: Value.Type = Value.self
    ) throws(PostgresError) -> Value? {
        guard column >= 0 && column < columnCount else { throw .decoding("there is no column \(column)") }
        guard !isNull(column) else { return nil }
        do throws(PostgresError) {
            return try withBytes(column) { (bytes) throws(PostgresError) in try Value.decode(binary: bytes) }
        } catch {
            throw .decoding("column \(columnLabel(column)): \(error.message)")
        }
    }

    /// The binary form of a column, empty for NULL; only valid inside `body`.
    package func withBytes<T, Failure: Error>(
        _ column: Int, _ body: (RawSpan) throws(Failure) -> T
    ) throws(Failure) -> T {
        let start = unsafe PQgetvalue(result, index, CInt(column))
        let count = unsafe Int(PQgetlength(result, index, CInt(column)))
        let buffer = unsafe UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)
        return try body(unsafe buffer.bytes)
    }

    private func columnLabel(_ column: Int) -> String {
        unsafe PQfname(result, CInt(column)).map { unsafe String(cString: $0) } ?? "\(column)"
    }
}
