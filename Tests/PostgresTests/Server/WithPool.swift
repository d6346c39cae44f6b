import Logging
import Postgres

/// Swallows what it is told.
let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// Runs a pool on a test server for the time of `body`.
func withPool<T: Sendable>(
    on server: TestServer = .shared, _ configure: (inout PostgresPool.Configuration) -> Void = { _ in },
    _ body: @Sendable (PostgresPool) async throws -> T
) async throws -> T {
    var configuration = PostgresPool.Configuration(connectionString: server.connectionString)
    configure(&configuration)
    return try await withPool(configuration, body)
}

/// Runs a pool for the time of `body`.
func withPool<T: Sendable>(
    _ configuration: PostgresPool.Configuration, logger: Logger = quiet, _ body: @Sendable (PostgresPool) async throws -> T
) async throws -> T {
    let pool = try PostgresPool(configuration: configuration, logger: logger)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await pool.run() }
        defer { group.cancelAll() }
        try await pool.waitUntilReady()
        let value = try await body(pool)
        group.cancelAll()
        try await group.waitForAll()
        return value
    }
}

/// Runs `script` on a connection of its own.
func prepare(_ script: String, on server: TestServer = .shared) async throws {
    let session = try await PostgresSession.connect(server.connectionString, logger: quiet)
    try await session.execute(script: script)
    await session.close()
}
