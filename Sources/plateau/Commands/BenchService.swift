import Access
import ArgumentParser
import Benchmarks
import Composition
import Foundation
import ManagedPostgres
import Postgres
import Schema
import ServiceLifecycle

/// Measures the service, over HTTP, against pgbench on the same server.
struct BenchService: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service",
        abstract: "Measure the service against pgbench on the same server.",
        discussion: """
            Makes a private PostgreSQL with synthetic data, serves it from a second process, and measures in turns: pgbench with a \
            statement, wrk with the request that it answers. Needs pgbench and wrk (config/install-packages --with-bench), \
            except for pages and rules.

            booking: a platform, its week, an hour on it. engine: what else is asked of bookings. search: a network of 100,000 resources. \
            utilisation: a centre's year, and what counting adds to a booking. pages and rules: one connection, each answer timed; \
            rules are hostile ones. The databases lie in the directory for temporary files (TMPDIR).
            """)

    @OptionGroup var shared: SharedOptions
    @Option(help: "Seconds of each measurement.") var seconds = 4
    @Option(help: "How often everything is measured.") var rounds = 3
    @Option(help: "Connections over HTTP, separated by commas.") var connections = "16,64"
    @Option(help: "Bookings to begin with, separated by commas: each number has a database of its own.") var bookings = "20000"
    @Option(help: "What is measured: \(WorkSet.allCases.map(\.rawValue).joined(separator: ", ")).") var works = WorkSet.booking
    @Option(help: "Also write every figure to this file, as JSON.") var json: String?
    @Flag(help: "Keep the database, the scripts and the server's log.") var keep = false

    func run() async throws {
        let settings = try BenchmarkSettings(
            seconds: seconds, rounds: rounds, connections: connections.split(separator: ",").map { Int($0) ?? 0 },
            bookings: bookings.split(separator: ",").map { Int($0) ?? 0 }, works: works)
        let configuration = try await shared.read()
        // Readable by the account that PostgreSQL runs as.
        let directory = FileManager.default.temporaryDirectory.appending(path: "plateau-bench-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        defer { if !keep { try? FileManager.default.removeItem(at: directory) } }
        let bench = try BenchDatabase(settings: settings, configuration: configuration, directory: directory.path)
        try await bench.run { [json, keep] report in
            Output.line(report.table)
            if let json { try report.json().write(to: URL(filePath: json)) }
            if keep { Output.line("Kept: \(directory.path)") }
        }
    }
}

extension WorkSet: ExpressibleByArgument {}
