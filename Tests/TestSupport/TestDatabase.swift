import Logging
package import Postgres

/// A migrated database of its own for one test.
package struct TestDatabase: Sendable {
    /// Its name in the test cluster.
    package let name: String
    /// As the server: role `plateau_app`.
    package let pool: PostgresPool
    /// As the owner, who may write any table and move the clock.
    package let owner: PostgresSession

    /// Shifts the clock of the database; the injected clock of the program stays what the test made it.
    package func setClock(offset: Duration) async throws {
        _ = try await owner.queryText("call plateau.set_clock_offset(make_interval(secs => $1::float8))", ["\(offset.components.seconds)"])
    }
}

/// Runs `body` with a database of its own, and drops it afterwards.
package func withTestDatabase<T: Sendable>(
    configure: (inout PostgresPool.Configuration) -> Void = { _ in }, _ body: (TestDatabase) async throws -> T
) async throws -> T {
    await DatabaseTurns.shared.take()
    let result: Result<T, any Error>
    do {
        result = .success(try await inDatabase(configure: configure, body))
    } catch {
        result = .failure(error)
    }
    await DatabaseTurns.shared.giveBack()
    return try result.get()
}

private func inDatabase<T: Sendable>(
    configure: (inout PostgresPool.Configuration) -> Void, _ body: (TestDatabase) async throws -> T
) async throws -> T {
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let cluster = TestCluster.shared
    let name = try await cluster.clone()
    var configuration = PostgresPool.Configuration(
        connectionString: try await cluster.connectionString(role: "plateau_app", database: name))
    // Each connection is a process that reads the catalogue of a database nobody has used before: as many as a service has would take
    // longer to open than most tests to run.
    configuration.pipelinedConnections = 2
    configuration.groupConnections = 2
    configure(&configuration)
    let pool = try PostgresPool(configuration: configuration, logger: logger)
    let owner = try await PostgresSession.connect(
        try await cluster.connectionString(role: "plateau_owner", database: name), logger: logger)
    let result: Result<T, any Error> = await withTaskGroup(of: Void.self) { group in
        group.addTask { try? await pool.run() }
        let result: Result<T, any Error>
        do {
            result = .success(try await body(TestDatabase(name: name, pool: pool, owner: owner)))
        } catch {
            result = .failure(error)
        }
        group.cancelAll()
        return result
    }
    await owner.close()
    try? await cluster.drop(name)
    return try result.get()
}
