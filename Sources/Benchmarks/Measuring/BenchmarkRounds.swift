import Postgres

/// Measures everything in turns.
struct BenchmarkRounds: Sendable {
    let settings: BenchmarkSettings
    let surroundings: BenchmarkSurroundings
    let generators: LoadGenerators
    let works: [Work]
    let network: SyntheticNetwork
    let server: ServedProgram
    let session: PostgresSession
    let say: @Sendable (String) -> Void

    func run() async throws -> BenchmarkReport {
        let runs = try works.enumerated().map { index, work in
            (
                work: work,
                pgbench: try PgbenchRun(work.script, named: "work\(index)", program: generators.pgbench, surroundings: surroundings),
                wrk: try WrkRun(
                    work.request, named: "work\(index)", program: generators.wrk, surroundings: surroundings, address: server.address)
            )
        }
        say("Warming up…")
        for run in runs { try await check(try await run.wrk.measure(seconds: 1, connections: 4), of: run.work) }
        var lines = runs.flatMap { run in settings.connections.map { BenchmarkLine(work: run.work.name, connections: $0) } }
        let loadBefore = ProcessUse.load()
        for round in 1...settings.rounds {
            say("Round \(round) of \(settings.rounds)…")
            var line = 0
            for run in runs {
                let pgbench = try await run.pgbench.measure(seconds: settings.seconds)
                for connections in settings.connections {
                    lines[line].measurements.append(
                        try await measure(run.work, run.wrk, connections: connections, pgbench: pgbench))
                    lines[line].residentKilobytes = ProcessUse.kilobytes("VmRSS", of: server.processID)
                    line += 1
                }
            }
        }
        return BenchmarkReport(
            settings: settings, lines: lines, load: [loadBefore, ProcessUse.load()],
            peakKilobytes: ProcessUse.kilobytes("VmHWM", of: server.processID))
    }

    private func measure(_ work: Work, _ run: WrkRun, connections: Int, pgbench: PgbenchResult) async throws -> Measurement {
        let bookings = try await countBookings(for: work)
        let server = ProcessUse.of(server.processID)
        let database = ProcessUse.ofDatabase(postmaster: surroundings.postmaster)
        let wrk = try await run.measure(seconds: settings.seconds, connections: connections)
        let requests = Double(max(wrk.requests, 1))
        let measurement = Measurement(
            pgbench: pgbench, wrk: wrk, serverMicroseconds: (ProcessUse.of(self.server.processID) - server) / requests,
            databaseMicroseconds: (ProcessUse.ofDatabase(postmaster: surroundings.postmaster) - database) / requests)
        try check(wrk, of: work)
        let made = try await countBookings(for: work) - bookings
        // Those that were under way when wrk stopped were booked without being counted.
        let acknowledged = work.books ? wrk.requests - wrk.refused : 0
        guard made >= acknowledged, made <= acknowledged + connections else {
            throw BenchmarkFault("\(work.name): \(acknowledged) bookings were acknowledged, but \(made) are in the database.")
        }
        return measurement
    }

    private func countBookings(for work: Work) async throws -> Int {
        guard work.books else { return 0 }
        return Int(try await session.query(SQL.CountBookings()).first?.bookings ?? 0)
    }

    /// Refusals are rare by design; many of them would measure something else.
    private func check(_ result: WrkResult, of work: Work) throws {
        guard result.requests > 0, result.refused * 20 <= result.requests else {
            throw BenchmarkFault("\(work.name): \(result.refused) of \(result.requests) answers were errors.")
        }
    }
}
