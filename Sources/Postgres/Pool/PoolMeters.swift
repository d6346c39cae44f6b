import Metrics

/// Timers of a pool: how long requests wait for a connection, and how long the server takes.
struct PoolMeters {
    enum Kind {
        case read
        case write
        case transaction
    }

    private struct Pair {
        let wait: Timer
        let roundTrip: Timer

        init(_ kind: String) {
            wait = Timer(label: "postgres_wait", dimensions: [("kind", kind)])
            roundTrip = Timer(label: "postgres_round_trip", dimensions: [("kind", kind)])
        }
    }

    private let reads = Pair("read")
    private let writes = Pair("write")
    private let transactions = Pair("transaction")

    /// From the request to its sending.
    func waited(_ duration: Duration, _ kind: Kind) { pair(kind).wait.recordNanoseconds(duration.nanoseconds) }

    /// From the sending to the answer of the Sync.
    func answered(_ duration: Duration, _ kind: Kind) { pair(kind).roundTrip.recordNanoseconds(duration.nanoseconds) }

    private func pair(_ kind: Kind) -> Pair {
        switch kind {
        case .read: reads
        case .write: writes
        case .transaction: transactions
        }
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
