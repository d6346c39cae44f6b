package import Logging
package import Postgres

/// Measures the service over HTTP beside pgbench with the same statements, on one PostgreSQL, in turns.
///
/// Turns, because a machine that does other things as well is never the same twice: the ratio of two neighbouring figures holds
/// where each of them does not.
package struct Benchmark: Sendable {
    private let settings: BenchmarkSettings
    private let surroundings: BenchmarkSurroundings
    private let logger: Logger
    /// Says what is being done; a run takes minutes.
    private let say: @Sendable (String) -> Void

    package init(
        settings: BenchmarkSettings, surroundings: BenchmarkSurroundings, logger: Logger, say: @escaping @Sendable (String) -> Void
    ) {
        self.settings = settings
        self.surroundings = surroundings
        self.logger = logger
        self.say = say
    }

    /// Fills the database, starts the server, and measures every work in every round.
    ///
    /// - Throws: ``BenchmarkFault``, which says what is missing or went wrong.
    package func run() async throws -> BenchmarkReport {
        let generators = try LoadGenerators.find(pgbenchDirectory: surroundings.postgresBinaries)
        let network = SyntheticNetwork(today: SyntheticNetwork.today())
        let session = try await PostgresSession.connect(surroundings.ownerConnection, logger: logger)
        say("Filling the database…")
        try await network.load(into: session, digest: surroundings.keyDigest)
        let works = try Work.all(network: network, statements: surroundings.statements)
        let server = try await ServedProgram.start(surroundings)
        let bench = BenchmarkRounds(
            settings: settings, surroundings: surroundings, generators: generators, works: works, network: network, server: server,
            session: session, say: say)
        do {
            let report = try await bench.run()
            await server.stop()
            await session.close()
            return report
        } catch {
            await server.stop()
            await session.close()
            throw error
        }
    }
}
