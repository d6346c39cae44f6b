/// What became of a write.
package enum PostgresOutcome<Row: Sendable>: Sendable {
    /// Committed.
    case done(Row)
    /// Nothing happened.
    case failed(PostgresError)
    /// It may be committed: ask with the request's own key before repeating it.
    case unknown(PostgresError)

    /// The row, or the error as a throw; `effect` tells failed from unknown.
    package func get() throws(PostgresError) -> Row {
        switch self {
        case .done(let row): return row
        case .failed(let error), .unknown(let error): throw error
        }
    }

    package func map<Other: Sendable>(_ transform: (Row) -> Other) -> PostgresOutcome<Other> {
        switch self {
        case .done(let row): .done(transform(row))
        case .failed(let error): .failed(error)
        case .unknown(let error): .unknown(error)
        }
    }
}
