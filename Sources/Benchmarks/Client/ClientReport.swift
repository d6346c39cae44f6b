import Foundation

/// What was measured of the client, ready to be printed.
package struct ClientReport: Sendable {
    let settings: BenchmarkSettings
    let lines: [Line]
    /// Load averages of the machine, before and after.
    let load: [Double]

    /// One work at one number of tasks.
    struct Line: Sendable {
        let work: String
        let tasks: Int
        var measurements: [ClientMeasurement] = []

        func median(_ value: (ClientMeasurement) -> Double) -> Double {
            let sorted = measurements.map(value).sorted()
            guard !sorted.isEmpty else { return 0 }
            return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        }
    }

    /// One line a work and number of tasks; medians over the rounds.
    package var table: String {
        let head = [
            "work", "tasks", "calls/s", "pgbench/s", "ratio (min-max)", "processor ratio", "p50 ms", "p99 ms", "refused", "client µs",
            "database µs", "pgbench µs", "its database µs", "group",
        ]
        let rows = [head] + lines.map(row)
        let widths = head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let text = rows.map { row in
            row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + space : space + cell
            }.joined(separator: "  ")
        }
        return (text + ["", note] + lines.map(limit)).joined(separator: "\n")
    }

    private var note: String {
        """
        \(settings.rounds) rounds of \(settings.seconds) s, medians. pgbench: -M prepared -c\(BenchmarkSettings.pgbenchClients) -j1, \
        the same statement and server, just before. µs: processor time for each call or transaction (program; all of PostgreSQL). \
        processor ratio: pgbench's µs with its database's, for each of ours. group: calls under one Sync. \
        Load average: \(load.map { Self.number($0, 1) }.joined(separator: " before, ")) after.
        """
    }

    private func row(_ line: Line) -> [String] {
        let ratios = line.measurements.map(\.ratio)
        return [
            line.work, "\(line.tasks)", Self.number(line.median(\.callsPerSecond), 0),
            Self.number(line.median(\.pgbench.transactionsPerSecond), 0),
            "\(Self.number(line.median(\.ratio), 2)) (\(Self.number(ratios.min() ?? 0, 2))-\(Self.number(ratios.max() ?? 0, 2)))",
            Self.number(line.median(\.processorRatio), 2), Self.number(line.median { $0.load.milliseconds(of: 0.5) }, 2),
            Self.number(line.median { $0.load.milliseconds(of: 0.99) }, 2),
            "\(line.measurements.reduce(0) { $0 + $1.load.refused })", Self.number(line.median(\.clientMicroseconds), 1),
            Self.number(line.median(\.databaseMicroseconds), 1), Self.number(line.median(\.pgbenchMicroseconds), 1),
            Self.number(line.median(\.pgbench.databaseMicroseconds), 1), Self.number(line.median(\.groupSize), 1),
        ]
    }

    /// What the processors were busy with, and so what limits the work.
    private func limit(_ line: Line) -> String {
        let client = line.median(\.clientMicroseconds)
        let database = line.median(\.databaseMicroseconds)
        let processors = Double(ProcessInfo.processInfo.activeProcessorCount)
        let own = (client + database) * line.median(\.callsPerSecond) / 1e6 / processors
        let idle = line.median(\.idleShare)
        let other = max(0, 1 - own - idle)
        let cause =
            idle > 0.2
            ? "Limited by waiting, for commits and locks."
            : other > 0.2 ? "Limited by processors, which other programs use too." : "Limited by processors."
        return """
            \(line.work), \(line.tasks) tasks: processors \(Self.percent(client / max(client + database, 1) * own)) in this program, \
            \(Self.percent(database / max(client + database, 1) * own)) in PostgreSQL, \(Self.percent(other)) in other programs, \
            \(Self.percent(idle)) idle. \(cause)
            """
    }

    private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

    private static func number(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}
