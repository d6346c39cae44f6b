import Foundation

extension BenchmarkReport {
    /// One line a work, number of bookings and of connections; medians over the rounds.
    package var table: String {
        let head = [
            "work", "bookings", "connections", "requests/s", "p50 ms", "p99 ms", "errors", "pgbench/s", "ratio (min-max)",
            "processor ratio", "server µs", "database µs", "wrk µs", "pgbench µs", "its database µs", "RSS MB",
        ]
        let works = lines.isEmpty ? [] : Self.aligned([head] + lines.map(row))
        let tables = works + aloneTable + growthTable + answerTable + verdictTable
        let notes = ["", note] + statementLines + gateLines + foldLines
        return (tables + notes).joined(separator: "\n")
    }

    /// Works whose script was timed on one connection alone, p50 and p99.
    private var aloneTable: [String] {
        let rows = lines.filter { $0.connections == settings.connections.first }.compactMap { line -> [String]? in
            guard let median = line.alone(\.median), let percentile99 = line.alone(\.percentile99) else { return nil }
            return [line.statements ?? line.work, "\(line.bookings)", Self.number(median, 2), Self.number(percentile99, 2)]
        }
        return rows.isEmpty
            ? [] : ["", "In the database, one connection alone."] + Self.aligned([["work", "bookings", "p50 ms", "p99 ms"]] + rows)
    }

    private var growthTable: [String] {
        let head = ["work", "connections", "requests/s", "processor time", "database µs", "pgbench µs", "alone", "worst", "aim", ""]
        let sizes = settings.bookings.sorted()
        return zip(sizes, sizes.dropFirst()).flatMap { least, most -> [String] in
            let rows = growth.filter { $0.large.bookings == most }.map { growth in
                [growth.large.work, "\(growth.large.connections)"]
                    + [growth.requests, growth.processor, growth.database, growth.statement].map { Self.number($0, 2) }
                    + [growth.alone.map { Self.number($0, 2) } ?? "", Self.number(growth.worst, 2)]
                    + (growth.most.map { [Self.number($0, 1), growth.worst <= $0 ? "met" : "not met"] } ?? ["", ""])
            }
            guard !rows.isEmpty else { return [] }
            return ["", "\(most) bookings for \(least): what a request takes, as a ratio. worst: what grew most of them."]
                + Self.aligned([head] + rows)
        }
    }

    /// What was asked on one connection.
    private var answerTable: [String] {
        guard !answers.isEmpty else { return [] }
        let head = [
            "question", "bookings", "first byte p50 ms", "p99 ms", "whole p50 ms", "p99 ms", "bytes", "first byte for the file's (min-max)",
        ]
        let rows = answers.map { line in
            [
                line.request.name, "\(line.bookings)", Self.number(line.median(\.firstByte.median), 2),
                Self.number(line.median(\.firstByte.percentile99), 2), Self.number(line.median(\.whole.median), 2),
                Self.number(line.median(\.whole.percentile99), 2), "\(line.rounds.map(\.bytes).max() ?? 0)",
                line.ratios.map {
                    "\(Self.number(line.median { $0.ratio ?? 0 }, 1)) (\(Self.number($0.least, 1))-\(Self.number($0.most, 1)))"
                } ?? "",
            ]
        }
        return (lines.isEmpty ? [] : [""]) + Self.aligned([head] + rows)
    }

    private var verdictTable: [String] {
        verdicts.isEmpty ? [] : [""] + Self.aligned([["aim of", "measured", "aim", "verdict"]] + verdicts.map(\.row))
    }

    private var note: String {
        """
        \(settings.rounds) rounds of \(settings.seconds) s. errors: answers other than 200 and 201, and requests without one; \
        nothing refused counts in a rate, nor in pgbench's. pgbench: \
        -M prepared -c\(BenchmarkSettings.pgbenchClients) -j1, the work's main statement, same server and round. \
        µs: processor time for each request done (server, all of PostgreSQL, wrk) or transaction (pgbench, all of PostgreSQL). \
        processor ratio: pgbench's µs with its database's, for each of ours: what the ratio comes to where only processors limit. \
        Most memory of the server: \(Self.number(Double(peakKilobytes) / 1024, 1)) MB. \
        Load average: \(load.map { Self.number($0, 1) }.joined(separator: " before, ")) after.
        \(machine.sentence)
        """
    }

    private var gateLines: [String] {
        guard let gate else { return [] }
        return [
            """
            The label's gate inside a booking: \(Self.number(gate.gateMicroseconds, 0)) µs of \
            \(Self.number(gate.bookingMicroseconds, 0)) µs, \(Self.number(gate.share * 100, 0)) % of the booking's function \
            (elapsed in the database, one session, the least of many batches).
            """
        ]
    }

    private var statementLines: [String] {
        lines.filter { $0.connections == settings.connections.first && $0.bookings == settings.bookings.first }.compactMap { line in
            line.statements.map { "\(line.work): pgbench ran \($0), which are not all that answers it; so there is no ratio." }
        }
    }

    private var foldLines: [String] {
        lines.filter(\.leavesWork).map { line in
            """
            \(line.work), \(line.bookings) bookings, \(line.connections) connections: adding to the totals afterwards what a run left \
            takes \(Self.number(line.median(\.foldMicroseconds), 0)) µs for each booking of the run.
            """
        }
    }

    private func row(_ line: BenchmarkLine) -> [String] {
        let spread = "(\(Self.number(line.ratios.least, 2))-\(Self.number(line.ratios.most, 2)))"
        let isCompared = line.statements == nil
        return [
            line.work, "\(line.bookings)", "\(line.connections)", Self.number(line.median(\.requestsPerSecond), 0),
            Self.number(line.median { $0.wrk.median.inSeconds * 1000 }, 1),
            Self.number(line.median { $0.wrk.percentile99.inSeconds * 1000 }, 1), "\(line.refused + line.failed)",
            Self.number(line.median(\.pgbench.transactionsPerSecond), 0),
            isCompared ? "\(Self.number(line.median(\.ratio), 2)) \(spread)" : "",
            isCompared ? Self.number(line.median(\.processorRatio), 2) : "", Self.number(line.median(\.serverMicroseconds), 0),
            Self.number(line.median(\.databaseMicroseconds), 0), Self.number(line.median(\.wrkMicroseconds), 0),
            Self.number(line.median(\.pgbenchMicroseconds), 0), Self.number(line.median(\.pgbench.databaseMicroseconds), 0),
            Self.number(Double(line.residentKilobytes) / 1024, 1),
        ]
    }

    /// The first column to the left, the others to the right.
    private static func aligned(_ rows: [[String]]) -> [String] {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + space : space + cell
            }.joined(separator: "  ")
        }
    }

    static func number(_ value: Double, _ digits: Int) -> String {
        String(format: "%.\(digits)f", value)
    }
}
