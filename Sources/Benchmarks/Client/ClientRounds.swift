import Foundation
import Postgres

/// Measures the client and pgbench in turns.
struct ClientRounds: Sendable {
    let settings: BenchmarkSettings
    let surroundings: BenchmarkSurroundings
    let pgbench: String
    let works: [ClientWork]
    let session: PostgresSession
    let pool: PostgresPool
    let say: @Sendable (String) -> Void

    func run() async throws -> ClientReport {
        let runs = try works.enumerated().map { index, work in
            (work, try PgbenchRun(work.script, named: "client\(index)", program: pgbench, surroundings: surroundings))
        }
        say("Warming up…")
        for work in works { _ = try await ClientLoad.run(work, on: pool, tasks: 4, seconds: 1) }
        var lines = works.flatMap { work in settings.connections.map { ClientReport.Line(work: work.name, tasks: $0) } }
        let loadBefore = ProcessUse.load()
        for round in 1...settings.rounds {
            say("Round \(round) of \(settings.rounds)…")
            var line = 0
            for (work, run) in runs {
                for tasks in settings.connections {
                    let before = ProcessUse.ofEndedChildren(of: getpid())
                    let pgbench = try await run.measure(seconds: settings.seconds)
                    let transactions = pgbench.transactionsPerSecond * Double(settings.seconds + 1)
                    let used = (ProcessUse.ofEndedChildren(of: getpid()) - before) / max(transactions, 1)
                    lines[line].measurements.append(
                        try await measure(work, tasks: tasks, pgbench: pgbench, pgbenchMicroseconds: used))
                    line += 1
                }
            }
        }
        return ClientReport(settings: settings, lines: lines, load: [loadBefore, ProcessUse.load()])
    }

    private func measure(
        _ work: ClientWork, tasks: Int, pgbench: PgbenchResult, pgbenchMicroseconds: Double
    ) async throws -> ClientMeasurement {
        let bookings = try await countBookings(for: work)
        let statistics = pool.statistics
        let client = ProcessUse.of(getpid())
        let database = ProcessUse.ofDatabase(postmaster: surroundings.postmaster)
        let idle = ProcessUse.idle()
        let load = try await ClientLoad.run(work, on: pool, tasks: tasks, seconds: settings.seconds)
        let idleShare = (ProcessUse.idle() - idle) / (load.seconds * 1e6 * Double(ProcessInfo.processInfo.activeProcessorCount))
        let calls = Double(max(load.calls, 1))
        let syncs =
            work.books ? pool.statistics.groupsDone - statistics.groupsDone : pool.statistics.readSyncsDone - statistics.readSyncsDone
        let grouped = work.books ? pool.statistics.writesInGroups - statistics.writesInGroups : load.calls
        let measurement = ClientMeasurement(
            pgbench: pgbench, pgbenchMicroseconds: pgbenchMicroseconds, load: load,
            clientMicroseconds: (ProcessUse.of(getpid()) - client) / calls,
            databaseMicroseconds: (ProcessUse.ofDatabase(postmaster: surroundings.postmaster) - database) / calls,
            idleShare: idleShare, groupSize: Double(grouped) / Double(max(syncs, 1)))
        guard load.calls > 0, load.refused * 20 <= load.calls else {
            throw BenchmarkFault("\(work.name): \(load.refused) of \(load.calls) calls were refused.")
        }
        let made = try await countBookings(for: work) - bookings
        guard made == (work.books ? load.calls - load.refused : 0) else {
            throw BenchmarkFault("\(work.name): \(load.calls - load.refused) were acknowledged, but \(made) are in the database.")
        }
        return measurement
    }

    private func countBookings(for work: ClientWork) async throws -> Int {
        guard work.books else { return 0 }
        return Int(try await session.query(SQL.CountBookings()).first?.bookings ?? 0)
    }
}
