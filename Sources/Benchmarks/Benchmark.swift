package import Logging
import Postgres

/// Measures the service over HTTP beside pgbench with the same statements, on one PostgreSQL, in turns.
///
/// Turns, because a machine that does other things as well is never the same twice: the ratio of two neighbouring figures holds
/// where each of them does not. Databases of several sizes take turns too.
package struct Benchmark: Sendable {
    private let settings: BenchmarkSettings
    private let surroundings: [BenchmarkSurroundings]
    private let logger: Logger
    /// Says what is being done; a run takes minutes.
    private let say: @Sendable (String) -> Void

    /// - Parameter surroundings: one for each number of bookings, in the same order as in the settings.
    package init(
        settings: BenchmarkSettings, surroundings: [BenchmarkSurroundings], logger: Logger, say: @escaping @Sendable (String) -> Void
    ) {
        self.settings = settings
        self.surroundings = surroundings
        self.logger = logger
        self.say = say
    }

    /// Fills the databases, starts a server for each, and measures every work in every round.
    ///
    /// - Throws: ``BenchmarkFault``, which says what is missing or went wrong.
    package func run() async throws -> BenchmarkReport {
        let generators = try LoadGenerators.find(for: settings.works, pgbenchDirectory: surroundings.first?.postgresBinaries)
        let filling = Filling(surroundings: surroundings, logger: logger, say: say)
        try filling.checkSpace()
        try await filling.fill()
        return try await run(surroundings[...], [], generators)
    }

    /// Starts what is left to start, then measures; stops everything whatever happens.
    private func run(
        _ waiting: ArraySlice<BenchmarkSurroundings>, _ running: [BenchmarkSubject], _ generators: LoadGenerators?
    ) async throws -> BenchmarkReport {
        guard let next = waiting.first else {
            return try await BenchmarkRounds(settings: settings, subjects: running, say: say).run()
        }
        let subject = try await BenchmarkSubject.start(next, generators: generators, logger: logger)
        do {
            let report = try await run(waiting.dropFirst(), running + [subject], generators)
            await subject.stop()
            return report
        } catch {
            await subject.stop()
            throw error
        }
    }
}
