import CLibPQ

/// The rows of one answer, in binary form, freed with the value.
///
/// `@unchecked Sendable`: a PGresult is complete and immutable when libpq hands it out and stands apart from its connection;
/// the value is not copyable, so that one task at a time holds it.
@safe
package struct PostgresResult: ~Copyable, @unchecked Sendable {
    private let raw: OpaquePointer

    init(owning raw: OpaquePointer) { unsafe self.raw = unsafe raw }

    deinit { unsafe PQclear(raw) }

    package var rowCount: Int { unsafe Int(PQntuples(raw)) }

    package var columnCount: Int { unsafe Int(PQnfields(raw)) }

    /// Rows inserted, updated, deleted or selected; 0 for other commands.
    package var affectedRows: Int { unsafe PQcmdTuples(raw).flatMap { unsafe Int(String(cString: $0)) } ?? 0 }

    package func columnName(_ column: Int) -> String {
        unsafe PQfname(raw, CInt(column)).map { unsafe String(cString: $0) } ?? ""
    }

    package func columnType(_ column: Int) -> UInt32 { unsafe PQftype(raw, CInt(column)) }

    /// A view on row `index`, which must be below `rowCount`.
    package func withRow<T, Failure: Error>(
        _ index: Int, _ body: (borrowing PostgresRow) throws(Failure) -> T
    ) throws(Failure) -> T {
        precondition(index >= 0 && index < rowCount, "row \(index) of \(rowCount)")
        return try body(unsafe PostgresRow(result: raw, index: CInt(index)))
    }

    /// Every row of `Statement`, decoded.
    package func decodeAll<Statement: PostgresStatement>(_ statement: Statement.Type) throws(PostgresError) -> [Statement.Row] {
        var rows: [Statement.Row] = []
        let count = rowCount
        rows.reserveCapacity(count)
        for index in 0..<count { rows.append(try decodeRow(index, statement)) }
        return rows
    }

    /// Row `index`, which must be below `rowCount`.
    func decodeRow<Statement: PostgresStatement>(_ index: Int, _ statement: Statement.Type) throws(PostgresError) -> Statement.Row {
        try Statement.decode(unsafe PostgresRow(result: raw, index: CInt(index)))
    }

    // MARK: For this module

    var kind: ResultKind {
        switch unsafe PQresultStatus(raw) {
        case PGRES_TUPLES_OK: .rows
        case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: .done
        case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE, PGRES_NONFATAL_ERROR: .error
        case PGRES_PIPELINE_ABORTED: .aborted
        case PGRES_PIPELINE_SYNC: .sync
        default: .unexpected
        }
    }

    /// Name of the finished command, for example `COMMIT`.
    var commandTag: String {
        // PQcmdStatus takes a mutable pointer but only reads.
        unsafe PQcmdStatus(raw).map { unsafe String(cString: $0) } ?? ""
    }

    var isCopyIn: Bool { unsafe PQresultStatus(raw) == PGRES_COPY_IN }

    /// The column as text, of a result in text form.
    func text(_ row: Int, _ column: Int) -> String? {
        guard unsafe PQgetisnull(raw, CInt(row), CInt(column)) == 0 else { return nil }
        return unsafe String(cString: PQgetvalue(raw, CInt(row), CInt(column)))
    }

    /// Types of the parameters, of a description.
    var parameterTypes: [UInt32] { unsafe (0..<PQnparams(raw)).map { unsafe PQparamtype(raw, $0) } }

    /// The failure this result reports.
    ///
    /// Without an SQLSTATE it was made by libpq: the connection is gone.
    func failure(statement: String?) -> PostgresError {
        let fields = unsafe DiagnosticFields(result: raw)
        guard let state = fields.sqlState else {
            return PostgresError(.connectionLost, fields.message, effect: .unknown, statement: statement)
        }
        let server = PostgresError.ServerFields(
            sqlState: state, detail: fields["D"], schema: fields["s"], table: fields["t"], column: fields["c"],
            constraint: fields["n"], routine: fields["R"], severity: fields["V"])
        return PostgresError(.server, fields.message, server: server, statement: statement)
    }
}
