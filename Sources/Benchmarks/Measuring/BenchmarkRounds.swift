import Glibc
import Postgres

/// Measures everything in turns.
struct BenchmarkRounds: Sendable {
    let settings: BenchmarkSettings
    let subjects: [BenchmarkSubject]
    let say: @Sendable (String) -> Void

    func run() async throws -> BenchmarkReport {
        say("Warming up…")
        var turn = 0
        for subject in subjects {
            for run in subject.runs {
                let result = try await run.wrk.measure(seconds: 1, connections: 4, turn: turn)
                try checkFirst(result, of: run.work)
                turn += run.work.turns(of: result.requests)
            }
        }
        let version = try await subjects.first?.session.serverVersion() ?? 0
        let machine = MachineFacts(postgresVersion: Int(version))
        let loadBefore = ProcessUse.load()
        var lines: [BenchmarkLine] = []
        var answers: [AnswerLine] = []
        let indices = Array(subjects.first?.runs.indices ?? 0..<0)
        for round in 1...settings.rounds {
            say("Round \(round) of \(settings.rounds)…")
            // Not always in the same order: what is compared would always have the same neighbour before it.
            for index in round.isMultiple(of: 2) ? indices.reversed() : indices {
                for subject in subjects { try await measure(subject, subject.runs[index], turn: &turn, into: &lines) }
            }
            for subject in subjects { try await AnswerLine.measure(subject, seconds: settings.seconds, into: &answers) }
        }
        let gate = settings.works == .booking ? try await subjects.first?.measureGate() : nil
        return BenchmarkReport(
            settings: settings, machine: machine, lines: lines, answers: answers,
            aims: Dictionary(uniqueKeysWithValues: (subjects.first?.runs ?? []).map { ($0.work.name, $0.work.aims) }),
            load: [loadBefore, ProcessUse.load()], gate: gate,
            peakKilobytes: subjects.map { ProcessUse.kilobytes("VmHWM", of: $0.server.processID) }.max() ?? 0)
    }

    /// A work at every number of connections, after pgbench with the same statement.
    private func measure(
        _ subject: BenchmarkSubject, _ run: BenchmarkSubject.Run, turn: inout Int, into lines: inout [BenchmarkLine]
    ) async throws {
        if let isCounted = run.work.isCounted { try await subject.prepare(isCounted: isCounted) }
        let alone = run.work.isTimedAlone ? try await run.pgbench.measureAlone(seconds: settings.seconds) : nil
        let bookings = run.work.bookings > 0 ? try await subject.countSettledBookings() : 0
        let before = ProcessUse.ofEndedChildren(of: getpid())
        var pgbench = try await run.pgbench.measure(seconds: settings.seconds, turn: turn)
        let spent = ProcessUse.ofEndedChildren(of: getpid()) - before
        turn += run.work.turns(of: pgbench.transactions)
        if run.work.bookings > 0 {
            let made = try await subject.countSettledBookings() - bookings
            pgbench = pgbench.counting(made / run.work.bookings)
        }
        let used = spent / max(pgbench.transactionsPerSecond * Double(settings.seconds + 1), 1)
        for connections in settings.connections {
            if let isCounted = run.work.isCounted { try await subject.prepare(isCounted: isCounted) }
            let measurement = try await measure(
                subject, run, connections: connections, turn: turn, pgbench: pgbench, pgbenchMicroseconds: used, alone: alone)
            turn += run.work.turns(of: measurement.wrk.requests)
            var line = BenchmarkLine(work: run.work.name, bookings: subject.surroundings.bookings, connections: connections)
            line.statements = run.work.statements
            let place = lines.firstIndex { $0.isSame(as: line) } ?? lines.endIndex
            if place < lines.endIndex { line = lines.remove(at: place) }
            line.measurements.append(measurement)
            line.residentKilobytes = ProcessUse.kilobytes("VmRSS", of: subject.server.processID)
            lines.insert(line, at: place)
        }
    }

    private func measure(
        _ subject: BenchmarkSubject, _ run: BenchmarkSubject.Run, connections: Int, turn: Int, pgbench: PgbenchResult,
        pgbenchMicroseconds: Double, alone: PgbenchLatency?
    ) async throws -> Measurement {
        let postmaster = subject.surroundings.postmaster
        let bookings = run.work.bookings > 0 ? try await subject.countSettledBookings() : 0
        let server = ProcessUse.of(subject.server.processID)
        let database = ProcessUse.ofDatabase(postmaster: postmaster)
        let generators = ProcessUse.ofEndedChildren(of: getpid())
        let wrk = try await run.wrk.measure(seconds: settings.seconds, connections: connections, turn: turn)
        let requests = Double(max(wrk.answered, 1))
        var measurement = Measurement(
            pgbench: pgbench, pgbenchMicroseconds: pgbenchMicroseconds, alone: alone, wrk: wrk,
            serverMicroseconds: (ProcessUse.of(subject.server.processID) - server) / requests,
            databaseMicroseconds: (ProcessUse.ofDatabase(postmaster: postmaster) - database) / requests,
            wrkMicroseconds: (ProcessUse.ofEndedChildren(of: getpid()) - generators) / requests)
        try check(wrk, of: run.work)
        guard run.work.bookings > 0 else { return measurement }
        let made = try await subject.countBookings() - bookings
        // Those that were under way when wrk stopped were booked without being counted.
        let acknowledged = wrk.answered * run.work.bookings
        guard made >= acknowledged, made <= acknowledged + connections * run.work.bookings else {
            throw BenchmarkFault("\(run.work.name): \(acknowledged) bookings were acknowledged, but \(made) are in the database.")
        }
        if run.work.isCounted == true { measurement.foldSeconds = try await subject.fold() }
        return measurement
    }

    /// What is asked must be answered before it is measured.
    private func checkFirst(_ result: WrkResult, of work: Work) throws {
        let wanted = work.bookings > 0 ? 201 : 200
        guard result.firstStatus == wanted else {
            throw BenchmarkFault("\(work.name): the first answer was \(result.firstStatus), not \(wanted).")
        }
        try check(result, of: work)
    }

    /// Refusals are rare by design; many of them would measure something else.
    private func check(_ result: WrkResult, of work: Work) throws {
        guard result.requests > 0, Double(result.refused) <= Double(result.requests) * work.mostRefused else {
            throw BenchmarkFault("\(work.name): \(result.refused) of \(result.requests) answers were errors.")
        }
    }
}
