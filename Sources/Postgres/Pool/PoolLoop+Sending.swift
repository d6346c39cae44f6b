extension PoolLoop {
    /// Spreads what waits over the connections that have room.
    func sendReads() {
        if !isHeldUp { send(reads, over: readLanes) }
        if readsAhead !== reads { send(readsAhead, over: aheadLanes) }
    }

    private func send(_ queue: ReadQueue, over lanes: [Lane]) {
        while !queue.former.isEmpty {
            guard let (connection, room) = best(of: lanes) else { return }
            let taken = queue.former.next(sharedBy: room).filter { $0.markSent() }
            guard !taken.isEmpty else { continue }
            for request in taken { meters.waited(now - request.submitted, .read) }
            meters.sent(taken.count, .read)
            connection.send(PipelineUnit(reads: taken), at: now)
        }
    }

    /// The connection to send to next, and how many have room.
    private func best(of lanes: [Lane]) -> (connection: PipelineConnection, room: Int)? {
        var choice = LaneChoice(depth: configuration.pipelineDepth)
        for (index, lane) in lanes.enumerated() {
            guard let connection = lane.connection, connection.isOpen else { continue }
            choice.consider(
                index, units: connection.unitsInFlight, requests: connection.requestsInFlight,
                age: connection.oldestSent.map { now - $0 } ?? .zero)
        }
        return choice.best.flatMap { best in lanes[best].connection.map { ($0, choice.room) } }
    }

    /// A connection could take another Sync now: what comes must wake the loop.
    var hasRoomForReads: Bool { isHeldUp ? hasRoomForRelief : best(of: readLanes) != nil }

    var hasRoomForWrites: Bool {
        writeLanes.contains { $0.connection.map { $0.isOpen && $0.unitsInFlight == 0 } ?? false }
    }

    /// Gives each free connection for writes the next batch: a group has its connection to itself.
    func sendWrites() {
        guard !writes.isEmpty else { return }
        for lane in writeLanes {
            guard !writes.isEmpty else { return }
            guard let connection = lane.connection, connection.isOpen, connection.unitsInFlight == 0 else { continue }
            while let batch = writes.next() {
                guard let unit = unit(for: batch) else { continue }
                meters.sent(unit.requests.count, .write)
                connection.send(unit, at: now)
                break
            }
        }
    }

    /// Nil when nobody waits for any of it.
    private func unit(for batch: GroupFormer.Batch) -> PipelineUnit? {
        switch batch {
        case .alone(let write):
            guard write.request.markSent() else { return nil }
            meters.waited(now - write.request.submitted, .write)
            return PipelineUnit(writes: [write], prelude: configuration.lockCall(PostgresLock.union(write.locks ?? [])))
        case .group(let writes, let locks):
            let wanted = writes.filter { $0.request.markSent() }
            guard !wanted.isEmpty else { return nil }
            for write in wanted { meters.waited(now - write.request.submitted, .write) }
            return PipelineUnit(writes: wanted, prelude: configuration.lockCall(locks))
        }
    }
}
