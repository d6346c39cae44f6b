/// A place for one shared connection, kept filled.
final class Lane {
    enum Purpose {
        case reads
        case writes
        /// Reads that others wait for.
        case ahead
        /// Reads, while every connection for them is held up.
        case relief
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
    var backoff: Backoff

    init(_ purpose: Purpose, longestBackoff: Duration) {
        self.purpose = purpose
        backoff = Backoff(first: .milliseconds(50), longest: longestBackoff)
    }

    var connection: PipelineConnection? {
        if case .ready(let connection) = place { connection } else { nil }
    }
}

/// Which lane a read goes to; pure.
///
/// The least busy that has room. A lane whose server has been at something for long is left alone as long as another moves, even when
/// that one is full: what comes behind a slow statement would wait.
struct LaneChoice {
    static let stalled: Duration = .milliseconds(20)

    private let depth: Int
    private var moving = Candidates()
    private var slow = Candidates()

    private struct Candidates {
        var count = 0
        var room = 0
        var best: (index: Int, requests: Int)?

        mutating func add(_ index: Int, hasRoom: Bool, requests: Int) {
            count += 1
            guard hasRoom else { return }
            room += 1
            if best.map({ requests < $0.requests }) ?? true { best = (index, requests) }
        }
    }

    /// - Parameter depth: most units in flight on a lane.
    init(depth: Int) { self.depth = depth }

    /// - Parameters:
    ///   - units: in flight on the lane.
    ///   - age: how long ago the oldest of them was sent.
    mutating func consider(_ index: Int, units: Int, requests: Int, age: Duration) {
        if age > Self.stalled {
            slow.add(index, hasRoom: units < depth, requests: requests)
        } else {
            moving.add(index, hasRoom: units < depth, requests: requests)
        }
    }

    private var choice: Candidates { moving.count > 0 ? moving : slow }

    var best: Int? { choice.best?.index }

    /// How many lanes could take something now.
    var room: Int { choice.room }
}
