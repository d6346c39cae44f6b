import Foundation

/// What pgbench did in one measurement.
struct PgbenchResult: Sendable {
    /// Once they are counted, only those that were not refused.
    let transactionsPerSecond: Double
    /// Of all PostgreSQL processes, for each such transaction.
    let databaseMicroseconds: Double
    /// Of the whole run, its first second included.
    var transactions = 0
    var refusedShare = 0.0

    /// The same, where so many of the transactions did what they asked for: a refusal is no error to pgbench.
    func counting(_ done: Int) -> PgbenchResult {
        let share = min(Double(done) / Double(max(transactions, 1)), 1)
        return PgbenchResult(
            transactionsPerSecond: transactionsPerSecond * share, databaseMicroseconds: databaseMicroseconds / max(share, 1e-9),
            transactions: transactions, refusedShare: 1 - share)
    }
}

/// How long a script took, one connection alone, in milliseconds.
struct PgbenchLatency: Sendable {
    let median: Double
    let percentile99: Double

    /// - Parameter log: lines of `client transaction microseconds script second fraction`; those of the first second are left out.
    init?(log: String) {
        let lines = log.split(separator: "\n").map { $0.split(separator: " ").compactMap { Int($0) } }.filter { $0.count >= 6 }
        guard let first = lines.first.map({ $0[4] }) else { return nil }
        let times = lines.filter { $0[4] > first }.map { $0[2] }.sorted()
        guard !times.isEmpty else { return nil }
        median = Double(times[times.count / 2]) / 1000
        percentile99 = Double(times[min(times.count - 1, times.count * 99 / 100)]) / 1000
    }
}

/// Runs pgbench on a work's scripts.
struct PgbenchRun: Sendable {
    /// Seconds in which new connections plan every statement once.
    private static let warmUp = 1

    let program: String
    let surroundings: BenchmarkSurroundings
    let scripts: [String]
    let variables: [String: String]

    /// Writes the scripts of a work into the directory.
    init(_ script: PgbenchScript, named name: String, program: String, surroundings: BenchmarkSurroundings) throws {
        self.program = program
        self.surroundings = surroundings
        variables = script.variables
        scripts = try script.files.enumerated().map { index, text in
            let path = "\(surroundings.directory)/\(name)-\(index).pgbench"
            try Data(text.utf8).write(to: URL(filePath: path))
            return path
        }
    }

    /// - Parameter turn: which window of days the run begins with, where works have such.
    func measure(seconds: Int, turn: Int = 0) async throws -> PgbenchResult {
        let child = try start(
            clients: BenchmarkSettings.pgbenchClients, seconds: seconds, options: ["--progress=1", "--define=turn=\(turn)"])
        try await Task.sleep(for: .seconds(Self.warmUp))
        let before = ProcessUse.ofDatabase(postmaster: surroundings.postmaster)
        let started = ContinuousClock.now
        let status = await child.exit()
        let elapsed = ContinuousClock.now - started
        let text = try said(status)
        // The postmaster counts a backend's time once it has reaped it.
        try await Task.sleep(for: .milliseconds(100))
        let used = ProcessUse.ofDatabase(postmaster: surroundings.postmaster) - before
        let rates = Self.rates(text).dropFirst(Self.warmUp)
        guard !rates.isEmpty else { throw BenchmarkFault("pgbench said nothing of its progress:\n\(text.suffix(2000))") }
        let rate = rates.reduce(0, +) / Double(rates.count)
        return PgbenchResult(
            transactionsPerSecond: rate, databaseMicroseconds: used / max(rate * elapsed.inSeconds, 1),
            transactions: Self.transactions(text))
    }

    /// One connection, each transaction timed.
    func measureAlone(seconds: Int) async throws -> PgbenchLatency {
        let prefix = "\(surroundings.directory)/pgbench-log"
        let child = try start(clients: 1, seconds: seconds, options: ["--log", "--log-prefix=\(prefix)", "--define=turn=0"])
        let text = try said(await child.exit())
        let path = "\(prefix).\(child.processID)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        guard let latency = PgbenchLatency(log: (try? String(contentsOfFile: path, encoding: .utf8)) ?? "") else {
            throw BenchmarkFault("pgbench timed nothing:\n\(text.suffix(2000))")
        }
        return latency
    }

    private var output: String { "\(surroundings.directory)/pgbench.txt" }

    private func start(clients: Int, seconds: Int, options: [String]) throws -> ChildProgram {
        let arguments =
            [
                "--no-vacuum", "--protocol=prepared", "--client=\(clients)", "--jobs=1", "--time=\(seconds + Self.warmUp)",
                "--define=asked=0",
            ]
            + options + scripts.flatMap { ["--file", $0] } + variables.flatMap { ["--define", "\($0.key)=\($0.value)"] }
            + [surroundings.connection]
        // A statement is planned for its values five times on each connection, which a service's long-lived ones did long ago: with so
        // many scripts and seconds, pgbench would do little else.
        let environment = ["LC_ALL": "C.UTF-8", "PGOPTIONS": "-c plan_cache_mode=force_generic_plan"]
        return try ChildProgram(program, arguments, environment: environment, output: output)
    }

    /// What a run that ended printed.
    private func said(_ status: Int32) throws -> String {
        let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
        try Task.checkCancellation()
        guard status == 0 else { throw BenchmarkFault("pgbench ended with code \(status):\n\(text.suffix(2000))") }
        return text
    }

    /// The figure of the line `number of transactions actually processed: 14021`; 0 without one.
    static func transactions(_ text: String) -> Int {
        let line = text.split(separator: "\n").first { $0.hasPrefix("number of transactions actually processed: ") }
        return line?.split(separator: " ").last.flatMap { Int($0) } ?? 0
    }

    /// The figures of lines such as `progress: 2.0 s, 3412.1 tps, lat 4.6 ms stddev 2.1, 0 failed`.
    static func rates(_ text: String) -> [Double] {
        text.split(separator: "\n").compactMap { line in
            guard line.hasPrefix("progress: "), let end = line.range(of: " tps") else { return nil }
            return line[..<end.lowerBound].split(separator: " ").last.flatMap { Double($0) }
        }
    }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
