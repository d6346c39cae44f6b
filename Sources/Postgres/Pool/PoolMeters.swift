import Metrics

/// What a pool tells the metrics back end.
///
/// | name | kind | dimensions | meaning |
/// |---|---|---|---|
/// | `postgres_wait` | timer | `kind`: read, write, transaction | from the request to its sending, or to the loan of a connection |
/// | `postgres_round_trip` | timer | `kind` | from the sending of a Sync to its answer |
/// | `postgres_group_size` | recorder | `kind`: read, write | requests under one Sync |
/// | `postgres_requests_in_flight` | meter | | sent on shared connections, not answered |
/// | `postgres_requests_waiting` | meter | `kind` | not sent yet |
/// | `postgres_connections_ready` | meter | | shared connections that can take requests |
/// | `postgres_connections_made` | counter | | also those at the beginning |
/// | `postgres_connections_lost` | counter | | each is followed by a reconnect |
/// | `postgres_connections_refused` | counter | | tries that failed |
/// | `postgres_reliefs_opened` | counter | | connections opened because slow reads held up every other |
/// | `postgres_timeouts` | counter | | requests that got no connection in time, and servers that fell silent |
///
/// Two tasks never touch one: the loop of a pool has it to itself.
struct PoolMeters {
    enum Kind: String {
        case read
        case write
        case transaction
    }

    private struct KindMeters {
        let wait: Timer
        let roundTrip: Timer
        let groupSize: Recorder
        let waiting: Meter

        init(_ kind: Kind, _ factory: any MetricsFactory) {
            let dimensions = [("kind", kind.rawValue)]
            wait = Timer(label: "postgres_wait", dimensions: dimensions, factory: factory)
            roundTrip = Timer(label: "postgres_round_trip", dimensions: dimensions, factory: factory)
            groupSize = Recorder(label: "postgres_group_size", dimensions: dimensions, aggregate: true, factory: factory)
            waiting = Meter(label: "postgres_requests_waiting", dimensions: dimensions, factory: factory)
        }
    }

    private let reads: KindMeters
    private let writes: KindMeters
    private let transactions: KindMeters
    private let inFlight: Meter
    private let ready: Meter
    private let made: Counter
    private let lost: Counter
    private let refused: Counter
    private let timeouts: Counter
    private let reliefs: Counter
    private var last = PostgresStatistics()

    init(_ factory: any MetricsFactory) {
        reads = KindMeters(.read, factory)
        writes = KindMeters(.write, factory)
        transactions = KindMeters(.transaction, factory)
        inFlight = Meter(label: "postgres_requests_in_flight", factory: factory)
        ready = Meter(label: "postgres_connections_ready", factory: factory)
        made = Counter(label: "postgres_connections_made", factory: factory)
        lost = Counter(label: "postgres_connections_lost", factory: factory)
        refused = Counter(label: "postgres_connections_refused", factory: factory)
        timeouts = Counter(label: "postgres_timeouts", factory: factory)
        reliefs = Counter(label: "postgres_reliefs_opened", factory: factory)
    }

    func waited(_ duration: Duration, _ kind: Kind) { meters(kind).wait.recordNanoseconds(duration.nanoseconds) }

    func answered(_ duration: Duration, _ kind: Kind) { meters(kind).roundTrip.recordNanoseconds(duration.nanoseconds) }

    func sent(_ requests: Int, _ kind: Kind) { meters(kind).groupSize.record(requests) }

    /// Tells what has changed since the last time.
    mutating func publish(_ now: PostgresStatistics) {
        if now.requestsInFlight != last.requestsInFlight { inFlight.set(now.requestsInFlight) }
        if now.readsWaiting != last.readsWaiting { reads.waiting.set(now.readsWaiting) }
        if now.writesWaiting != last.writesWaiting { writes.waiting.set(now.writesWaiting) }
        if now.leasesWaiting != last.leasesWaiting { transactions.waiting.set(now.leasesWaiting) }
        if now.connectionsReady != last.connectionsReady { ready.set(now.connectionsReady) }
        if now.connectionsMade > last.connectionsMade { made.increment(by: now.connectionsMade - last.connectionsMade) }
        if now.connectionsLost > last.connectionsLost { lost.increment(by: now.connectionsLost - last.connectionsLost) }
        if now.connectionsRefused > last.connectionsRefused { refused.increment(by: now.connectionsRefused - last.connectionsRefused) }
        if now.timeouts > last.timeouts { timeouts.increment(by: now.timeouts - last.timeouts) }
        if now.reliefsOpened > last.reliefsOpened { reliefs.increment(by: now.reliefsOpened - last.reliefsOpened) }
        last = now
    }

    private func meters(_ kind: Kind) -> KindMeters {
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
