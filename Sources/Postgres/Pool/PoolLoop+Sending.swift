extension PoolLoop {
    func sendReads() {
        while let request = reads.first {
            guard let connection = leastBusyForReads() else { return }
            reads.removeFirst()
            guard request.markSent() else { continue }
            meters.waited(now - request.submitted, .read)
            connection.send(PipelineUnit(request: request), at: now)
        }
    }

    private func leastBusyForReads() -> PipelineConnection? {
        let candidates = lanes.prefix(configuration.pipelinedConnections)
        let loads = candidates.map { lane in
            lane.connection.flatMap { connection in
                !connection.isOpen
                    ? nil
                    : LaneLoad(unitsInFlight: connection.unitsInFlight, age: connection.oldestSent.map { now - $0 } ?? .zero)
            }
        }
        return LaneLoad.best(of: loads, depth: configuration.pipelineDepth).flatMap { lanes[$0].connection }
    }

    /// Gives each free connection for writes the next batch: a group has its connection to itself.
    func sendWrites() {
        for lane in lanes.dropFirst(configuration.pipelinedConnections) {
            guard !writes.isEmpty else { return }
            guard let connection = lane.connection, connection.isOpen, connection.unitsInFlight == 0 else { continue }
            while let batch = writes.next() {
                guard let unit = unit(for: batch) else { continue }
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
