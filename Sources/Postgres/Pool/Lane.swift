/// A place for one shared connection, kept filled.
final class Lane {
    enum Purpose {
        case reads
        case writes
    }

    enum Place {
        case empty(retryAt: ContinuousClock.Instant?)
        case connecting
        case ready(PipelineConnection)
    }

    let purpose: Purpose
    /// Of the present or coming connection.
    var token: UInt64 = 0
    var place = Place.empty(retryAt: nil)
    var backoff = Backoff(first: .milliseconds(50), longest: .seconds(2))

    init(_ purpose: Purpose) { self.purpose = purpose }

    var connection: PipelineConnection? {
        if case .ready(let connection) = place { connection } else { nil }
    }
}

/// How busy a lane is, as far as the choice between lanes needs it; pure.
struct LaneLoad: Equatable {
    let unitsInFlight: Int
    /// How long the server has been at the oldest of them.
    let age: Duration

    /// The oldest is slow: what comes behind it would wait.
    static let stalled: Duration = .milliseconds(20)

    /// The least busy below `depth`, a lane that moves before one that is stalled; nil when all are full.
    static func best(of loads: [LaneLoad?], depth: Int) -> Int? {
        var best: (index: Int, cost: Int)?
        for (index, load) in loads.enumerated() {
            guard let load, load.unitsInFlight < depth else { continue }
            let cost = load.unitsInFlight + (load.age > stalled ? depth : 0)
            if best == nil || cost < best?.cost ?? 0 { best = (index, cost) }
        }
        return best?.index
    }
}
