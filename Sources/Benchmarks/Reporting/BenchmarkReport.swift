/// What was measured, ready to be printed.
package struct BenchmarkReport: Sendable {
    let settings: BenchmarkSettings
    let machine: MachineFacts
    let lines: [BenchmarkLine]
    /// Load averages of the machine, before and after.
    let load: [Double]
    let gate: GateCost?
    /// The most memory that a server ever held.
    let peakKilobytes: Int

    /// What a request costs at the largest number of bookings, for each of its cost at the smallest; empty for a single number.
    var growth: [BenchmarkGrowth] {
        guard let least = settings.bookings.min(), let most = settings.bookings.max(), least < most else { return [] }
        return lines.filter { $0.bookings == most }.compactMap { large in
            let small = lines.first { $0.isSame(as: BenchmarkLine(work: large.work, bookings: least, connections: large.connections)) }
            return small.map { BenchmarkGrowth(small: $0, large: large) }
        }
    }
}

/// One line at two sizes.
struct BenchmarkGrowth: Sendable {
    let small: BenchmarkLine
    let large: BenchmarkLine

    /// The median of the rounds' ratios: neighbours in time are compared.
    func ratio(_ value: (Measurement) -> Double) -> Double {
        BenchmarkLine.median(zip(small.measurements, large.measurements).map { value($1) / max(value($0), 1e-9) })
    }

    var requests: Double { ratio(\.requestsPerSecond) }
    var processor: Double { ratio { $0.serverMicroseconds + $0.databaseMicroseconds } }
    var database: Double { ratio(\.databaseMicroseconds) }
    var statement: Double { ratio(\.pgbench.databaseMicroseconds) }
}

/// One work at one number of bookings and of connections, over all rounds.
struct BenchmarkLine: Sendable {
    let work: String
    let bookings: Int
    let connections: Int
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

    var refused: Int { measurements.reduce(0) { $0 + $1.wrk.refused } }
    var failed: Int { measurements.reduce(0) { $0 + $1.wrk.failed } }
}
