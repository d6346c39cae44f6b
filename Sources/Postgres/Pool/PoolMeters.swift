import Metrics

/// Timers of a pool: how long requests wait for a connection, and how long the server takes.
struct PoolMeters {
    enum Kind {
        case read
        case write
    }

    private let readWait = Timer(label: "postgres_wait", dimensions: [("kind", "read")])
    private let writeWait = Timer(label: "postgres_wait", dimensions: [("kind", "write")])
    private let readRoundTrip = Timer(label: "postgres_round_trip", dimensions: [("kind", "read")])
    private let writeRoundTrip = Timer(label: "postgres_round_trip", dimensions: [("kind", "write")])

    func waited(_ duration: Duration, _ kind: Kind) {
        (kind == .read ? readWait : writeWait).recordNanoseconds(duration.nanoseconds)
    }

    func answered(_ duration: Duration, _ kind: Kind) {
        (kind == .read ? readRoundTrip : writeRoundTrip).recordNanoseconds(duration.nanoseconds)
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
