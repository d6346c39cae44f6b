extension PostgresResult {
    func decodeFirst<Statement: PostgresStatement>(_ statement: Statement.Type) throws(PostgresError) -> Statement.Row? {
        guard rowCount <= 1 else { throw wrongCount(Statement.name, "at most one row") }
        return try decodeAll(statement).first
    }

    func decodeOne<Statement: PostgresStatement>(_ statement: Statement.Type) throws(PostgresError) -> Statement.Row {
        guard rowCount == 1, let row = try decodeAll(statement).first else { throw wrongCount(Statement.name, "one row") }
        return row
    }

    private func wrongCount(_ name: String, _ expected: String) -> PostgresError {
        PostgresError(.unexpectedRowCount, "\(rowCount) rows instead of \(expected)", effect: .unknown, statement: name)
    }
}
