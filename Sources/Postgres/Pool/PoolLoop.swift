import Logging
import Synchronization

/// The thread of a pool: moves requests to connections and answers back.
///
/// Everything here is confined to that thread.
///
/// One turn: take what has come, give it to connections, flush them, give up what waited too long, tell tasks their answers, sleep
/// until a socket or the inbox wakes it.
final class PoolLoop {
    let configuration: PostgresPool.Configuration
    let logger: Logger
    let inbox: Inbox
    let published: PublishedStatistics
    var meters: PoolMeters
    var statistics = PostgresStatistics()
    let poll: SocketPoll
    var now = ContinuousClock.now
    /// Requests that came before the loop began have waited for nobody's fault: none is given up sooner.
    let graceEnd: ContinuousClock.Instant
    var random = SystemRandomNumberGenerator()

    let readLanes: [Lane]
    let writeLanes: [Lane]
    let aheadLanes: [Lane]
    let reliefLanes: [Lane]
    /// All of them.
    let lanes: [Lane]
    let reads: ReadQueue
    /// Reads that others wait for; the same as `reads` when these have no connection of their own.
    let readsAhead: ReadQueue
    /// When the connections for reads were last held up.
    var lastHeldUp: ContinuousClock.Instant?
    var writes: GroupFormer
    var delayed: [(due: ContinuousClock.Instant, write: PendingWrite)] = []
    var leases: LeaseBook<LeaseRequest>
    var leaseConnections: [UInt64: PipelineConnection] = [:]
    var leaseRetryAt: ContinuousClock.Instant?
    var leaseBackoff = Backoff(first: .milliseconds(50), longest: .seconds(1))
    var lastToken: UInt64 = 0
    var lastRefusal: PostgresError?
    /// Which of several hosts to try first.
    var hostOffset = 0
    var finished: [PipelineUnit] = []
    /// What became of requests, to be told when the connections have their next ones and the figures are published.
    var outcomes: [(request: PostgresRequest, failure: PostgresError?)] = []
    /// When to end even though something is still in flight.
    var stopAt: ContinuousClock.Instant?

    /// Names the inbox among the sockets.
    private static let inboxToken: UInt64 = 0

    init(
        configuration: PostgresPool.Configuration, inbox: Inbox, published: PublishedStatistics, meters: PoolMeters, logger: Logger
    ) throws(PostgresError) {
        poll = try SocketPoll()
        self.configuration = configuration
        self.inbox = inbox
        self.published = published
        self.meters = meters
        self.logger = logger
        graceEnd = now + configuration.acquireTimeout
        writes = GroupFormer(limit: configuration.groupLimit)
        leases = LeaseBook(limit: configuration.exclusiveConnections)
        func lanes(_ count: Int, _ purpose: Lane.Purpose) -> [Lane] {
            (0..<count).map { _ in Lane(purpose, longestBackoff: configuration.longestBackoff) }
        }
        readLanes = lanes(configuration.pipelinedConnections, .reads)
        writeLanes = lanes(configuration.groupConnections, .writes)
        aheadLanes = lanes(configuration.aheadConnections, .ahead)
        reliefLanes = lanes(configuration.reliefConnections, .relief)
        self.lanes = readLanes + writeLanes + aheadLanes + reliefLanes
        reads = ReadQueue(limit: configuration.readGroupLimit)
        readsAhead = aheadLanes.isEmpty ? reads : ReadQueue(limit: configuration.readGroupLimit)
        poll.add(inbox.signal, token: Self.inboxToken)
    }

    /// Turns until stopped; then ends every connection and refuses what is left.
    func run() {
        var commands: [LoopCommand] = []
        var ready: [UInt64] = []
        while !isOver {
            inbox.take(into: &commands)
            now = ContinuousClock.now
            for command in commands { perform(command) }
            commands.removeAll(keepingCapacity: true)
            serve()
            poll.wait(milliseconds: pause(), into: &ready)
            now = ContinuousClock.now
            for token in ready { receive(from: token) }
            ready.removeAll(keepingCapacity: true)
        }
        close()
    }

    /// How long to sleep at most, nil for as long as it takes.
    private func pause() -> Int32? {
        let canWait = Postponable(reads: !hasRoomForReads, writes: !hasRoomForWrites)
        guard !isOver, inbox.mayFallAsleep(postponing: canWait) else { return 0 }
        let deadline = untilNextDeadline()
        // What lies in the inbox meanwhile has deadlines too.
        return canWait == .none ? deadline : min(deadline ?? Self.postponement, Self.postponement)
    }

    private static let postponement: Int32 = 50

    private var isOver: Bool {
        guard let stopAt else { return false }
        let isIdle = lanes.allSatisfy { ($0.connection?.unitsInFlight ?? 0) == 0 } && hasNoReads && writes.isEmpty
        return now >= stopAt || isIdle && delayed.isEmpty && leases.leased.isEmpty && leases.waiters.isEmpty
    }

    private func perform(_ command: LoopCommand) {
        switch command {
        case .read(let request): queue(of: request).former.add(request)
        case .write(let write): writes.add(write)
        case .lease(let request): leases.wait(request)
        case .converse(let token, let request): converse(token, request)
        case .endLease(let token, let isBroken): endLease(token, isBroken: isBroken)
        case .connected(let token, let transfer): connected(token, transfer)
        case .refused(let token, let error): refused(token, error)
        case .stop: stopAt = stopAt ?? now + configuration.shutdownTimeout
        }
    }

    private func serve() {
        noteWhetherHeldUp()
        giveUpOverdue()
        giveUpSilent()
        fillLanes()
        sendWrites()
        sendReads()
        sendRelief()
        endRelief()
        serveLeases()
        for lane in lanes { lane.connection.map { settle($0, token: lane.token) } }
        for (token, connection) in leaseConnections { settle(connection, token: token) }
        publish()
        deliver()
    }

    private func receive(from token: UInt64) {
        guard token != Self.inboxToken else { return }
        let lane = lanes.first { $0.token == token && $0.connection != nil }
        guard let connection = lane?.connection ?? leaseConnections[token] else { return }
        connection.receive(into: &finished, at: now)
        for unit in finished { complete(unit) }
        finished.removeAll(keepingCapacity: true)
    }

    /// Flushes what was queued, and buries a connection that was lost on the way.
    private func settle(_ connection: PipelineConnection, token: UInt64) {
        if connection.isDirty {
            let wasBlocked = connection.isBlocked
            connection.flush()
            if connection.isBlocked != wasBlocked { poll.watchWriting(connection.socket, token: token, connection.isBlocked) }
        }
        if let loss = connection.loss { bury(connection, token: token, because: loss) }
    }

    /// Where a read waits.
    func queue(of request: PostgresRequest) -> ReadQueue { request.isAhead ? readsAhead : reads }

    private var hasNoReads: Bool { reads.former.isEmpty && readsAhead.former.isEmpty }

    func nextToken() -> UInt64 {
        lastToken += 1
        return lastToken
    }
}
