package import Logging
import Locking

/// One plain connection, for what has no place in a pipeline: migrations, COPY, descriptions of statements.
///
/// Its calls block a thread of the session, never a task's. One call at a time.
package actor PostgresSession {
    private let executor: ThreadExecutor
    private var handle: ConnectionHandle?
    private var prepared: Set<String> = []
    private var isCopying = false
    private let cancellation = Mutex<CancellationHandle?>(nil)

    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    private init() throws(PostgresError) { executor = try ThreadExecutor() }

    deinit { executor.stop() }

    /// Connects.
    ///
    /// - Parameter settings: server settings for the whole session.
    package static func connect(
        _ connectionString: String, applicationName: String = "postgres session", settings: [PostgresSetting] = [],
        timeout: Duration = .seconds(5), logger: Logger
    ) async throws(PostgresError) -> PostgresSession {
        _ = try ConnectionOptions.parse(connectionString)
        let options = ConnectionOptions(
            connectionString: connectionString, applicationName: applicationName, settings: settings)
        let session = try PostgresSession()
        try await session.open(options, timeout: timeout, logger: logger)
        return session
    }

    private func open(_ options: ConnectionOptions, timeout: Duration, logger: Logger) throws(PostgresError) {
        let opened = try ConnectionHandle.open(options, timeout: timeout, logger: logger)
        let cancellation = opened.cancellation()
        self.cancellation.withLock { $0 = cancellation }
        handle = consume opened
    }

    /// Asks the server to cancel what the session is doing; that call then fails with 57014, unless it ends first.
    package nonisolated func cancelStatement() throws(PostgresError) {
        guard let handle = cancellation.withLock({ $0 }) else { return }
        try startThread { handle.cancel() }
    }

    /// Closes the connection; an open transaction rolls back.
    ///
    /// Later calls throw `misuse`.
    package func close() { handle = nil }

    /// The server's version as a number, for example 150018.
    package func serverVersion() throws(PostgresError) -> Int32 { try withHandle { $0.serverVersion } }

    // MARK: Statements

    /// Runs one or more commands; without BEGIN among them they are one transaction.
    package func execute(script: String) throws(PostgresError) {
        try withHandle { (handle) throws(PostgresError) in _ = try handle.execute(script: script) }
    }

    /// Runs one command with parameters and rows as text, for tools and tests.
    package func queryText(_ sql: String, _ parameters: [String?] = []) throws(PostgresError) -> [[String?]] {
        try withHandle { (handle) throws(PostgresError) in
            let result = try handle.executeText(sql, parameters)
            return (0..<result.rowCount).map { row in (0..<result.columnCount).map { result.text(row, $0) } }
        }
    }

    /// Every row of a statement.
    package func query<Statement: PostgresStatement>(_ statement: Statement) throws(PostgresError) -> [Statement.Row] {
        let call = PipelineCall(statement)
        try prepare(call.statement)
        return try withHandle { (handle) throws(PostgresError) in
            try handle.executePrepared(call.statement.name, call.parameters).decodeAll(Statement.self)
        }
    }

    /// What the server finds a statement to take and give.
    ///
    /// Nullability is not known to the server: `isNullable` is true.
    package func describe<Statement: PostgresStatement>(
        _ statement: Statement.Type
    ) throws(PostgresError) -> (parameterTypes: [PostgresType], columns: [PostgresColumn]) {
        let text = StatementText(statement)
        try prepare(text)
        return try withHandle { (handle) throws(PostgresError) in
            let result = try handle.describe(text.name)
            let columns = (0..<result.columnCount).map { column in
                let type = PostgresType(oid: result.columnType(column), name: "type \(result.columnType(column))")
                return PostgresColumn(name: result.columnName(column), type: type, isNullable: true)
            }
            return (result.parameterTypes.map { PostgresType(oid: $0, name: "type \($0)") }, columns)
        }
    }

    private func prepare(_ text: StatementText) throws(PostgresError) {
        guard !prepared.contains(text.name) else { return }
        try withHandle { (handle) throws(PostgresError) in try handle.prepare(text) }
        prepared.insert(text.name)
    }

    // MARK: COPY

    /// Sends `chunks` to `COPY … FROM STDIN`, in the format the command names.
    ///
    /// Gives the number of rows.
    package func copyIn(_ sql: String, chunks: some Sequence<[UInt8]>) throws(PostgresError) -> Int {
        try beginCopy(sql)
        for chunk in chunks { try put(chunk) }
        return try endCopy()
    }

    /// Sends `rows` to `COPY … FROM STDIN (FORMAT binary)`.
    ///
    /// Gives their number.
    package func copyIn<Rows: Sequence>(
        _ sql: String, rows: Rows, _ encode: (Rows.Element, inout PostgresParameters) -> Void
    ) throws(PostgresError) -> Int {
        try beginCopy(sql)
        var buffer = CopyBuffer()
        for row in rows {
            buffer.append { encode(row, &$0) }
            if buffer.isFull { try put(buffer.take()) }
        }
        try put(buffer.takeLast())
        return try endCopy()
    }

    /// Sends the rows of an asynchronous sequence; when it throws, nothing is copied.
    package func copyIn<Rows: AsyncSequence & Sendable>(
        _ sql: String, rows: Rows, _ encode: @Sendable (Rows.Element, inout PostgresParameters) -> Void
    ) async throws -> Int {
        try beginCopy(sql)
        var buffer = CopyBuffer()
        do {
            for try await row in rows {
                buffer.append { encode(row, &$0) }
                if buffer.isFull { try put(buffer.take()) }
            }
        } catch {
            _ = try? endCopy(failing: "the source of the rows failed")
            throw error
        }
        try put(buffer.takeLast())
        return try endCopy()
    }

    private func beginCopy(_ sql: String) throws(PostgresError) {
        try withHandle { (handle) throws(PostgresError) in
            guard try handle.execute(script: sql).isCopyIn else {
                throw PostgresError(.misuse, "the command is not COPY … FROM STDIN")
            }
        }
        isCopying = true
    }

    private func put(_ bytes: [UInt8]) throws(PostgresError) {
        try withOpenHandle { (handle) throws(PostgresError) in try handle.putCopy(bytes) }
    }

    private func endCopy(failing reason: String? = nil) throws(PostgresError) -> Int {
        isCopying = false
        return try withOpenHandle { (handle) throws(PostgresError) in try handle.endCopy(failing: reason) }
    }

    func withHandle<T>(_ body: (inout ConnectionHandle) throws(PostgresError) -> T) throws(PostgresError) -> T {
        guard !isCopying else { throw PostgresError(.misuse, "the session is busy with COPY") }
        return try withOpenHandle(body)
    }

    private func withOpenHandle<T>(_ body: (inout ConnectionHandle) throws(PostgresError) -> T) throws(PostgresError) -> T {
        guard var open = handle.take() else { throw PostgresError(.misuse, "the session is closed") }
        do throws(PostgresError) {
            let value = try body(&open)
            handle = consume open
            return value
        } catch {
            handle = consume open
            throw error
        }
    }
}
