import Logging
import Postgres

/// A filled database with the server that serves it, ready to be measured.
struct BenchmarkSubject: Sendable {
    /// A work with what runs it here.
    struct Run: Sendable {
        let work: Work
        let pgbench: PgbenchRun
        let wrk: WrkRun
    }

    let surroundings: BenchmarkSurroundings
    let network: SyntheticNetwork
    let runs: [Run]
    let server: ServedProgram
    let session: PostgresSession

    static func start(
        _ surroundings: BenchmarkSurroundings, generators: LoadGenerators, logger: Logger
    ) async throws -> BenchmarkSubject {
        let network = SyntheticNetwork(today: SyntheticNetwork.today(), bookings: Int32(surroundings.bookings), works: surroundings.works)
        let session = try await PostgresSession.connect(surroundings.ownerConnection, logger: logger)
        try await network.load(into: session, digest: surroundings.keyDigest)
        let works = try Work.all(network: network, statements: surroundings.statements)
        let server = try await ServedProgram.start(surroundings)
        do {
            let runs = try works.enumerated().map { index, work in
                Run(
                    work: work,
                    pgbench: try PgbenchRun(work.script, named: "work\(index)", program: generators.pgbench, surroundings: surroundings),
                    wrk: try WrkRun(
                        work.request, named: "work\(index)", program: generators.wrk, surroundings: surroundings,
                        address: server.address))
            }
            return BenchmarkSubject(surroundings: surroundings, network: network, runs: runs, server: server, session: session)
        } catch {
            await server.stop()
            throw error
        }
    }

    func stop() async {
        await server.stop()
        await session.close()
    }

    func measureGate() async throws -> GateCost {
        try await GateCost.measure(network, in: session)
    }

    func countBookings() async throws -> Int {
        Int(try await session.query(SQL.CountBookings()).first?.bookings ?? 0)
    }
}
