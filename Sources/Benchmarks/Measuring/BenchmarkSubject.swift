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
    /// What is asked on one connection and timed.
    let questions: [TimedRequest]
    let server: ServedProgram
    let session: PostgresSession

    /// - Parameters:
    ///   - surroundings: of a database that is filled.
    ///   - generators: nil for works that need none.
    static func start(
        _ surroundings: BenchmarkSurroundings, generators: LoadGenerators?, logger: Logger
    ) async throws -> BenchmarkSubject {
        let network = surroundings.network
        let session = try await PostgresSession.connect(surroundings.ownerConnection, logger: logger)
        let works = try Work.all(network: network, statements: surroundings.statements)
        let server = try await ServedProgram.start(surroundings)
        do {
            let runs = try generators.map { try Self.runs(of: works, with: $0, surroundings, address: server.address) }
            return BenchmarkSubject(
                surroundings: surroundings, network: network, runs: runs ?? [],
                questions: TimedRequest.all(of: network, as: surroundings.credentials), server: server, session: session)
        } catch {
            await server.stop()
            throw error
        }
    }

    private static func runs(
        of works: [Work], with generators: LoadGenerators, _ surroundings: BenchmarkSurroundings, address: String
    ) throws -> [Run] {
        try works.enumerated().map { index, work in
            Run(
                work: work,
                pgbench: try PgbenchRun(work.script, named: "work\(index)", program: generators.pgbench, surroundings: surroundings),
                wrk: try WrkRun(
                    work.request, named: "work\(index)", program: generators.wrk, surroundings: surroundings, address: address))
        }
    }

    func stop() async {
        await server.stop()
        await session.close()
    }

    func measureGate() async throws -> GateCost {
        try await GateCost.measure(network, in: session)
    }

    /// Lets the totals hear of bookings or not, and leaves them nothing that is still to be added.
    ///
    /// Either way the same plans are made anew.
    func prepare(isCounted: Bool) async throws {
        try await session.execute(script: "alter table bookings.booking disable trigger booking_counted")
        if isCounted { try await session.execute(script: "alter table bookings.booking enable trigger booking_counted") }
        _ = try await fold()
    }

    /// Adds to the totals what they do not hold yet.
    /// - Returns: seconds that all of it takes one session; what the server took of it meanwhile counts as the rest does.
    func fold() async throws -> Double {
        let left = try await countMarks()
        var (marks, settled, seconds) = (left, 0, 0.0)
        while marks > 0 {
            let started = ContinuousClock.now
            settled += try await SyntheticNetwork.fold(in: [session])
            seconds += (ContinuousClock.now - started).inSeconds
            // The server may be at it too: then it is waited for.
            try await Task.sleep(for: .milliseconds(50))
            marks = try await countMarks()
        }
        return settled > 0 ? seconds * Double(left) / Double(settled) : seconds
    }

    private func countMarks() async throws -> Int64 { try await session.query(SQL.CountMarks()).first?.marks ?? 0 }

    func countBookings() async throws -> Int {
        Int(try await session.query(SQL.CountBookings()).first?.bookings ?? 0)
    }

    /// The count when it has stood still for a while: what a load generator left behind when it stopped is made after it has ended.
    func countSettledBookings() async throws -> Int {
        var last = try await countBookings()
        while true {
            try await Task.sleep(for: .milliseconds(200))
            let now = try await countBookings()
            guard now != last else { return now }
            last = now
        }
    }
}
