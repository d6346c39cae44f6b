import DequeModule

/// One connection in pipeline mode: units go in, finished units come out, in order.
///
/// Confined to the thread of its loop.
final class PipelineConnection {
    private var handle: ConnectionHandle
    private var ledger = PipelineLedger()
    private var prepared = PreparedStatements()
    private let naming: PostgresPool.PreparedStatementNaming
    private var units: Deque<PipelineUnit> = []
    private(set) var requestsInFlight = 0
    /// The socket was full: flush again when it can be written.
    private(set) var isBlocked = false
    /// Something was queued, or blocked, since the last flush.
    private(set) var isDirty = false
    /// Why no further unit can be sent.
    private(set) var loss: PostgresError?
    /// When something last came from the server.
    private var lastHeard: ContinuousClock.Instant
    private var lastFinished: ContinuousClock.Instant

    init(_ handle: consuming ConnectionHandle, naming: PostgresPool.PreparedStatementNaming, at now: ContinuousClock.Instant) {
        self.handle = handle
        self.naming = naming
        lastHeard = now
        lastFinished = now
    }

    var socket: CInt { handle.socket }

    /// Takes further units.
    var isOpen: Bool { loss == nil && !isRetiring }

    /// The server refused a write as read-only, so that it is no longer the primary: a new connection finds the one that is.
    private var isRetiring = false

    var unitsInFlight: Int { units.count }

    /// When the unit that the server works on was sent.
    var oldestSent: ContinuousClock.Instant? { units.first?.sent }

    /// Since when the server has been at the unit that it works on.
    var workingSince: ContinuousClock.Instant? { oldestSent.map { max($0, lastFinished) } }

    /// The statement of a unit that was sent alone.
    var onlyStatement: String? { units.first?.requests.first?.call.statement.name }

    /// Since when the server owes an answer without saying a word; nil when it owes none.
    var silentSince: ContinuousClock.Instant? { oldestSent.map { max($0, lastHeard) } }

    /// Ready for a next tenant: nothing owed, no transaction open.
    var isReusable: Bool { isOpen && units.isEmpty && ledger.isEmpty && handle.isIdle }

    // MARK: Sending

    private var wireNames: [String] = []

    /// Queues `unit`.
    ///
    /// When libpq refuses, the connection is lost and the unit, without its Sync, had no effect.
    func send(_ unit: PipelineUnit, at now: ContinuousClock.Instant) {
        unit.sent = now
        isDirty = true
        let isQueued = naming == .named ? queuePrepared(unit) : queueUnnamed(unit)
        guard isQueued, handle.sendSync() else { return refuse(unit) }
        ledger.expectUnit(calls: unit.callCount)
        units.append(unit)
        requestsInFlight += unit.requests.count
    }

    private func queuePrepared(_ unit: PipelineUnit) -> Bool {
        wireNames.removeAll(keepingCapacity: true)
        for position in 0..<unit.callCount {
            guard prepare(unit.call(position).statement) else { return false }
        }
        for position in 0..<unit.callCount {
            guard handle.sendPrepared(wireNames[position], unit.call(position).parameters) else { return false }
        }
        return true
    }

    /// Preparations have their own Sync, so that a failed unit does not undo what later units rely on.
    private func prepare(_ statement: StatementText) -> Bool {
        let (wireName, mustPrepare) = prepared.use(statement.name)
        wireNames.append(wireName)
        guard mustPrepare else { return true }
        guard handle.sendPrepare(statement, as: wireName), handle.sendSync() else { return false }
        ledger.expectPreparation(of: statement.name)
        return true
    }

    private func queueUnnamed(_ unit: PipelineUnit) -> Bool {
        for position in 0..<unit.callCount {
            let call = unit.call(position)
            guard handle.sendUnnamed(call.statement, call.parameters) else { return false }
        }
        return true
    }

    private func refuse(_ unit: PipelineUnit) {
        let failure = handle.localFailure().with(effect: .nothingHappened)
        unit.failure = failure
        refused.append(unit)
        loss = loss ?? failure
    }

    private var refused: [PipelineUnit] = []
    /// The server said that it ends the session, in the place of what it was at.
    private var hasHeardEnd = false

    func flush() {
        do throws(PostgresError) {
            isBlocked = try handle.flush()
            isDirty = isBlocked
        } catch {
            loss = loss ?? error
        }
    }

    // MARK: Receiving

    /// Takes in what has arrived and appends the units it finishes.
    func receive(into finished: inout [PipelineUnit], at now: ContinuousClock.Instant) {
        lastHeard = now
        let isOpen = handle.consumeInput()
        drain(into: &finished)
        if isRetiring && units.isEmpty && loss == nil { loss = PostgresError(.connectionLost, "the server has become read-only") }
        if loss == nil && (!isOpen || handle.isBroken) { loss = handle.localFailure() }
    }

    /// Gives the server up, which owes an answer and says nothing.
    func giveUp(after silence: Duration) {
        loss = loss ?? PostgresError(.connectionLost, "the server was silent for \(silence.wholeMilliseconds) ms", effect: .unknown)
    }

    /// Ends a lost connection: gives every unit still in flight, each with its failure.
    func abandonAll() -> [PipelineUnit] {
        let loss = loss ?? PostgresError(.connectionLost, "the connection was closed")
        defer { (units, refused) = ([], []) }
        // A server that ends the session says so in the place of the call it was at; what stood behind was never begun.
        let rest: PostgresError.Effect = hasHeardEnd ? .nothingHappened : .unknown
        for unit in units where unit.failure == nil { unit.failure = loss.with(code: .connectionLost, effect: rest) }
        return Array(units) + refused
    }

    private func drain(into finished: inout [PipelineUnit]) {
        var pauses = 0
        while !ledger.isEmpty && loss == nil && !handle.isBusy {
            guard let result = handle.nextResult() else {
                // One nil ends the results of a command; two in a row say that libpq has nothing to give.
                pauses += 1
                if pauses > 1 { return }
                continue
            }
            pauses = 0
            accept(result, into: &finished)
        }
    }

    private func accept(_ result: consuming PostgresResult, into finished: inout [PipelineUnit]) {
        switch ledger.receive(result.kind) {
        case .prepared, .preparationEnded: break
        case .preparationFailed(let name): refusePreparation(of: name, result.failure(statement: name))
        case .answered(let call): units[0].receiver(call)?.hold(result)
        case .failed(let call):
            units[0].culprit = units[0].receiver(call)
            fail(result.failure(statement: units[0].call(call).statement.name))
        case .skipped: break
        case .commitFailed: failCommit(result.failure(statement: nil))
        case .unitEnded: finished.append(finishFirst())
        case .outOfStep: loss = PostgresError(.protocolViolation, "unexpected \(result.kind) from the server", effect: .unknown)
        }
    }

    private func refusePreparation(of name: String, _ failure: PostgresError) {
        hasHeardEnd = hasHeardEnd || failure.endsSession
        if failure.code == .connectionLost { loss = failure } else { prepared.refused(name, because: failure) }
    }

    private func fail(_ failure: PostgresError) {
        // A failure without an SQLSTATE is libpq's own: the connection broke, and what was sent may have happened.
        guard failure.code != .connectionLost else { return loss = loss ?? failure }
        hasHeardEnd = hasHeardEnd || failure.endsSession
        let unit = units[0]
        guard let name = failure.statement, failure.isStalePlan else { return unit.failure = unit.failure ?? failure }
        let cause = failure.sqlState == .invalidStatementName ? prepared.cause(of: name) : nil
        prepared.forget(name)
        unit.failure = unit.failure ?? cause ?? failure
    }

    /// A session ended while it commits may have committed: the wait for a standby comes after the commit itself.
    private func failCommit(_ failure: PostgresError) {
        fail(failure.endsSession ? failure.with(effect: .unknown) : failure)
    }

    private func finishFirst() -> PipelineUnit {
        let unit = units.removeFirst()
        requestsInFlight -= unit.requests.count
        unit.service = unit.sent.map { lastHeard - max($0, lastFinished) } ?? .zero
        lastFinished = lastHeard
        if unit.failure?.sqlState == .readOnlySQLTransaction { isRetiring = true }
        if handle.notices.takeReplicationCancelled() && unit.failure == nil {
            unit.failure = PostgresError(
                .replicationUncertain, "the commit stopped waiting for its standby", effect: .unknown)
        }
        return unit
    }
}
