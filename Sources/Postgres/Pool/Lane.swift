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
    let callsInFlight: Int
    /// How long the server has been at the oldest of them.
    let age: Duration

    /// The oldest is slow: what comes behind it would wait.
    static let stalled: Duration = .milliseconds(20)

    /// The less, the better; a lane that moves before one that is stalled, and nil when it is full.
    func cost(depth: Int) -> Int? {
        guard unitsInFlight < depth else { return nil }
        return callsInFlight + (age > Self.stalled ? 1_000_000 : 0)
    }
}
