import Kernel
import Postgres

/// What some tasks did that call again as soon as they are answered.
struct ClientLoad: Sendable {
    private(set) var calls = 0
    private(set) var refused = 0
    private(set) var seconds = 0.0
    /// How long each call took, ascending.
    private var microseconds: [UInt32] = []

    /// Runs `work` in so many tasks at a time until the time is over.
    static func run(_ work: ClientWork, on pool: PostgresPool, tasks: Int, seconds: Int) async throws -> ClientLoad {
        let started = ContinuousClock.now
        let end = started + .seconds(seconds)
        var load = ClientLoad()
        try await withThrowingTaskGroup(of: ClientLoad.self) { group in
            for _ in 0..<tasks { group.addTask { try await call(work, on: pool, until: end) } }
            for try await part in group { load.add(part) }
        }
        load.seconds = (ContinuousClock.now - started).inSeconds
        load.microseconds.sort()
        return load
    }

    private static func call(_ work: ClientWork, on pool: PostgresPool, until end: ContinuousClock.Instant) async throws -> ClientLoad {
        var load = ClientLoad()
        var random = SplitMix64(seed: UInt64.random(in: 0 ... .max))
        var before = ContinuousClock.now
        while before < end {
            let isDone = try await work.perform(pool, &random)
            let after = ContinuousClock.now
            load.calls += 1
            load.refused += isDone ? 0 : 1
            load.microseconds.append(UInt32(clamping: Int64((after - before).inSeconds * 1e6)))
            before = after
        }
        return load
    }

    private mutating func add(_ other: ClientLoad) {
        calls += other.calls
        refused += other.refused
        microseconds += other.microseconds
    }

    /// The time in which `share` of the calls were answered, in milliseconds.
    func milliseconds(of share: Double) -> Double {
        guard !microseconds.isEmpty else { return 0 }
        return Double(microseconds[min(microseconds.count - 1, Int(Double(microseconds.count) * share))]) / 1000
    }
}
