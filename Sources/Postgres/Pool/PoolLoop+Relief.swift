/// Reads go around connections that slow ones hold up.
///
/// While every shared connection for reads has been at one Sync for long, nothing more is sent behind it. What waits goes alone over a
/// few connections opened for that time, each statement over one at most: a statement that is stuck there too stands in its own way
/// only.
extension PoolLoop {
    /// So long at one Sync is held up.
    static let heldUpAfter: Duration = .milliseconds(100)

    /// When the last of the connections for reads will have been, or has been, at one Sync for long; nil while one is free, or none is
    /// there.
    private var heldUpAt: ContinuousClock.Instant? {
        guard !reliefLanes.isEmpty else { return nil }
        var last: ContinuousClock.Instant?
        for lane in readLanes {
            guard let connection = lane.connection, connection.isOpen else { continue }
            guard let since = connection.workingSince else { return nil }
            last = max(last ?? since, since)
        }
        return last.map { $0 + Self.heldUpAfter }
    }

    var isHeldUp: Bool { heldUpAt.map { $0 <= now } ?? false }

    func noteWhetherHeldUp() {
        if isHeldUp { lastHeldUp = now }
    }

    /// The statements that relief connections are at.
    private var statementsInRelief: Set<String> { Set(reliefLanes.compactMap { $0.connection?.onlyStatement }) }

    private func isFree(_ lane: Lane) -> Bool { lane.connection.map { $0.isOpen && $0.unitsInFlight == 0 } ?? false }

    /// A read that comes could be sent, or could want another connection.
    var hasRoomForRelief: Bool {
        reliefLanes.contains { lane in
            if case .empty = lane.place { true } else { isFree(lane) }
        }
    }

    /// Whether an empty lane shall be filled: those for relief one after the other, while something waits for one.
    func isWanted(_ lane: Lane) -> Bool {
        guard lane.purpose == .relief else { return true }
        let next = reliefLanes.first { $0.connection == nil }
        guard lane === next, isHeldUp, !reliefLanes.contains(where: isFree) else { return false }
        return reads.former.hasOther(than: statementsInRelief)
    }

    func sendRelief() {
        guard isHeldUp else { return }
        for lane in reliefLanes where isFree(lane) {
            while let request = reads.former.next(except: statementsInRelief) {
                guard request.markSent() else { continue }
                meters.waited(now - request.submitted, .read)
                meters.sent(1, .read)
                lane.connection?.send(PipelineUnit(reads: [request]), at: now)
                break
            }
        }
    }

    /// Closes what was opened for relief when that is long over.
    func endRelief() {
        guard let end = endOfRelief, end <= now else { return }
        for lane in reliefLanes where isFree(lane) { dispose(lane.token) }
    }

    private var endOfRelief: ContinuousClock.Instant? {
        guard reliefLanes.contains(where: isFree) else { return nil }
        return lastHeldUp.map { $0 + configuration.reliefLinger }
    }

    /// When to look again although nothing comes.
    var nextChangeOfRelief: ContinuousClock.Instant? {
        guard let heldUpAt, !reads.former.isEmpty, heldUpAt > now else { return endOfRelief }
        return endOfRelief.map { min($0, heldUpAt) } ?? heldUpAt
    }
}
