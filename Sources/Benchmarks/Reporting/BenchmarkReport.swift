/// What was measured, ready to be printed.
package struct BenchmarkReport: Sendable {
    let settings: BenchmarkSettings
    let machine: MachineFacts
    let lines: [BenchmarkLine]
    let answers: [AnswerLine]
    /// By the names of works.
    let aims: [String: [Aim]]
    /// Load averages of the machine, before and after.
    let load: [Double]
    let gate: GateCost?
    /// The most memory that a server ever held.
    let peakKilobytes: Int

    /// What a request costs at each number of bookings, for each of its cost at the next smaller one.
    var growth: [BenchmarkGrowth] {
        let sizes = settings.bookings.sorted()
        return zip(sizes, sizes.dropFirst()).flatMap { least, most in
            lines.filter { $0.bookings == most }.compactMap { large in
                line(large.work, least, large.connections).map { small in
                    BenchmarkGrowth(small: small, large: large, most: aims[large.work, default: []].compactMap(\.growth).first)
                }
            }
        }
    }

    func line(_ work: String, _ bookings: Int, _ connections: Int) -> BenchmarkLine? {
        lines.first { $0.isSame(as: BenchmarkLine(work: work, bookings: bookings, connections: connections)) }
    }
}

/// One line at two sizes.
struct BenchmarkGrowth: Sendable {
    let small: BenchmarkLine
    let large: BenchmarkLine
    /// What it is aimed to come to at most.
    let most: Double?

    /// The median of the rounds' ratios: neighbours in time are compared.
    func ratio(_ value: (Measurement) -> Double) -> Double {
        BenchmarkLine.median(zip(small.measurements, large.measurements).map { value($1) / max(value($0), 1e-9) })
    }

    var requests: Double { ratio(\.requestsPerSecond) }
    var processor: Double { ratio { $0.serverMicroseconds + $0.databaseMicroseconds } }
    var database: Double { ratio(\.databaseMicroseconds) }
    var statement: Double { ratio(\.pgbench.databaseMicroseconds) }
    /// Nil: not timed.
    var alone: Double? {
        guard large.measurements.contains(where: { $0.alone != nil }) else { return nil }
        return ratio { $0.alone?.median ?? 0 }
    }

    /// The one that grew most: time for each request, processor time, or time on one connection alone.
    var worst: Double { max(1 / max(requests, 1e-9), processor, database, statement, alone ?? 0) }
}

/// One work at one number of bookings and of connections, over all rounds.
struct BenchmarkLine: Sendable {
    let work: String
    let bookings: Int
    let connections: Int
    /// What pgbench ran, where it is not to be compared with the work.
    var statements: String?
    var measurements: [Measurement] = []
    /// Of the server, after the last of them.
    var residentKilobytes = 0

    init(work: String, bookings: Int, connections: Int) {
        self.work = work
        self.bookings = bookings
        self.connections = connections
    }

    func isSame(as other: BenchmarkLine) -> Bool {
        work == other.work && bookings == other.bookings && connections == other.connections
    }

    func median(_ value: (Measurement) -> Double) -> Double {
        Self.median(measurements.map(value))
    }

    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return 0 }
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    /// Smallest and largest.
    var ratios: (least: Double, most: Double) {
        let ratios = measurements.map(\.ratio)
        return (ratios.min() ?? 0, ratios.max() ?? 0)
    }

    /// Whether something was left to be added to the totals.
    var leavesWork: Bool { measurements.contains { $0.foldSeconds > 0 } }

    var refused: Int { measurements.reduce(0) { $0 + $1.wrk.refused } }
    var failed: Int { measurements.reduce(0) { $0 + $1.wrk.failed } }
}
