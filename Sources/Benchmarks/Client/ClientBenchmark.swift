import Foundation
package import Kernel
package import Logging
package import Postgres

/// Measures this program's PostgreSQL client, without HTTP, beside pgbench with the same statements, in turns.
package struct ClientBenchmark: Sendable {
    private let settings: BenchmarkSettings
    private let surroundings: BenchmarkSurroundings
    private let locks: ClientWork.Locks
    private let logger: Logger
    private let say: @Sendable (String) -> Void

    /// - Parameters:
    ///   - settings: its connections are numbers of tasks.
    ///   - locks: what a booking of a platform from an instant on locks.
    package init(
        settings: BenchmarkSettings, surroundings: BenchmarkSurroundings,
        locks: @escaping @Sendable (ResourceID, Instant) -> [PostgresLock],
        logger: Logger, say: @escaping @Sendable (String) -> Void
    ) {
        self.settings = settings
        self.surroundings = surroundings
        self.locks = locks
        self.logger = logger
        self.say = say
    }

    /// Fills the database and measures every work in every round.
    ///
    /// - Throws: ``BenchmarkFault``, which says what is missing or went wrong.
    package func run() async throws -> ClientReport {
        let pgbench = try LoadGenerators.findPgbench(in: surroundings.postgresBinaries)
        let network = SyntheticNetwork(today: SyntheticNetwork.today(), bookings: Int32(surroundings.bookings))
        say("Filling the database…")
        try await surroundings.make()
        let session = try await PostgresSession.connect(surroundings.ownerConnection, logger: logger)
        try await network.load(into: session, credentials: surroundings.credentials)
        var configuration = PostgresPool.Configuration(connectionString: surroundings.connection)
        configuration.applicationName = "plateau bench client"
        let pool = try PostgresPool(configuration: configuration, logger: logger)
        let rounds = ClientRounds(
            settings: settings, surroundings: surroundings, pgbench: pgbench,
            works: try ClientWork.all(of: network, locks: locks), session: session, pool: pool, say: say)
        let report = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await pool.run() }
            defer { group.cancelAll() }
            return try await rounds.run()
        }
        await session.close()
        return report
    }
}
