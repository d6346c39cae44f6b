/// What was measured, ready to be printed.
package struct BenchmarkReport: Sendable {
    let settings: BenchmarkSettings
    let lines: [BenchmarkLine]
    /// Load averages of the machine, before and after.
    let load: [Double]
    /// The most memory that the server ever held.
    let peakKilobytes: Int
}

/// One work at one number of connections, over all rounds.
struct BenchmarkLine: Sendable {
    let work: String
    let connections: Int
    var measurements: [Measurement] = []
    /// Of the server, after the last of them.
    var residentKilobytes = 0

    init(work: String, connections: Int) {
        self.work = work
        self.connections = connections
    }

    func median(_ value: (Measurement) -> Double) -> Double {
        let sorted = measurements.map(value).sorted()
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
