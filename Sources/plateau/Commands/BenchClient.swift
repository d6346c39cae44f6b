import ArgumentParser
import Benchmarks
import Foundation

/// Measures the PostgreSQL client alone, without HTTP.
struct BenchClient: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client",
        abstract: "Measure the PostgreSQL client against pgbench on the same server.",
        discussion: """
            Makes a private PostgreSQL with synthetic data and measures in turns: pgbench with a statement, and this program's client with \
            the same one. Needs pgbench, which comes with PostgreSQL.
            """)

    @OptionGroup var shared: SharedOptions
    @Option(help: "Seconds of each measurement.") var seconds = 4
    @Option(help: "How often everything is measured.") var rounds = 5
    @Option(help: "Tasks that call at the same time, separated by commas.") var tasks = "64"
    @Flag(help: "Keep the database and the scripts.") var keep = false

    func run() async throws {
        let settings = try BenchmarkSettings(
            seconds: seconds, rounds: rounds, connections: tasks.split(separator: ",").map { Int($0) ?? 0 }, bookings: [20_000])
        let configuration = try await shared.read()
        // Readable by the account that PostgreSQL runs as.
        let directory = FileManager.default.temporaryDirectory.appending(path: "plateau-bench-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        defer { if !keep { try? FileManager.default.removeItem(at: directory) } }
        let bench = try BenchDatabase(settings: settings, configuration: configuration, directory: directory.path)
        try await bench.runClient { [keep] report in
            Output.line(report.table)
            if keep { Output.line("Kept: \(directory.path)") }
        }
    }
}
