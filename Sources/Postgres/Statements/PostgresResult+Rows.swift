extension PostgresResult {
    func decodeFirst<Statement: PostgresStatement>(_ statement: Statement.Type) throws(PostgresError) -> Statement.Row? {
        guard rowCount <= 1 else { throw wrongCount(Statement.name, "at most one row") }
        return rowCount == 0 ? nil : try decodeRow(0, statement)
    }

    func decodeOne<Statement: PostgresStatement>(_ statement: Statement.Type) throws(PostgresError) -> Statement.Row {
        guard rowCount == 1 else { throw wrongCount(Statement.name, "one row") }
        return try decodeRow(0, statement)
    }

    private func wrongCount(_ name: String, _ expected: String) -> PostgresError {
        PostgresError(.unexpectedRowCount, "\(rowCount) rows instead of \(expected)", effect: .unknown, statement: name)
    }
}
