extension PoolLoop {
    /// Fails what has waited too long for a connection, and returns delayed writes whose pause is over.
    func giveUpOverdue() {
        for (due, write) in delayed where due <= now { writes.redo(write) }
        delayed.removeAll { $0.due <= now }
        guard now >= graceEnd else { return }
        for queue in [reads, readsAhead] { queue.former.removeOverdue(at: now) { giveUp($0) } }
        writes.removeAll { write in
            guard write.deadline <= now else { return false }
            giveUp(write.request)
            return true
        }
        leases.removeWaiters { waiter in
            if waiter.deadline <= now, waiter.settle(.failure(exhaustionOfLeases)) { statistics.timeouts += 1 }
            return waiter.isSettled
        }
    }

    private func giveUp(_ request: PostgresRequest) {
        statistics.timeouts += 1
        outcomes.append((request, exhaustion))
    }

    private var exhaustion: PostgresError {
        exhaustion(isAway: lanes.allSatisfy { $0.connection == nil } && !lanes.isEmpty)
    }

    private var exhaustionOfLeases: PostgresError { exhaustion(isAway: leaseConnections.isEmpty && lastRefusal != nil) }

    /// Why there was no connection: the server is away, or all are busy.
    private func exhaustion(isAway: Bool) -> PostgresError {
        guard !isAway else {
            let none = PostgresError(.connectionRefused, "no connection was made in time")
            return lastRefusal?.with(code: .connectionRefused, effect: .nothingHappened) ?? none
        }
        return PostgresError(.poolExhausted, "every connection stayed in use")
    }

    /// Milliseconds until something is due, nil when nothing is.
    func untilNextDeadline() -> Int32? {
        var earliest: ContinuousClock.Instant?
        func consider(_ instant: ContinuousClock.Instant?) {
            if let instant { earliest = min(earliest ?? instant, instant) }
        }
        func considerWaiting(_ deadline: ContinuousClock.Instant?) { consider(deadline.map { max($0, graceEnd) }) }
        considerWaiting(reads.former.firstDeadline)
        considerWaiting(readsAhead.former.firstDeadline)
        consider(nextChangeOfRelief)
        considerWaiting(writes.firstDeadline)
        considerWaiting(leases.waiters.first?.deadline)
        if !leases.waiters.isEmpty { consider(leaseRetryAt) }
        for (due, _) in delayed { consider(due) }
        consider(stopAt)
        for lane in lanes {
            if case .empty(let retryAt) = lane.place, stopAt == nil, isWanted(lane) { consider(retryAt ?? now) }
            consider(endOfPatience(with: lane.connection))
        }
        for connection in leaseConnections.values { consider(endOfPatience(with: connection)) }
        return earliest.map { ($0 - now).wholeMilliseconds }
    }

    /// Gives up servers that owe an answer and have said nothing for too long.
    func giveUpSilent() {
        for lane in lanes { giveUpIfSilent(lane.connection) }
        for connection in leaseConnections.values { giveUpIfSilent(connection) }
    }

    private func giveUpIfSilent(_ connection: PipelineConnection?) {
        guard let limit = configuration.silenceTimeout, let end = endOfPatience(with: connection), end <= now else { return }
        statistics.timeouts += 1
        connection?.giveUp(after: limit)
    }

    private func endOfPatience(with connection: PipelineConnection?) -> ContinuousClock.Instant? {
        guard let limit = configuration.silenceTimeout else { return nil }
        return connection?.silentSince.map { $0 + limit }
    }

    /// The end: every connection is closed and whoever still waits is told.
    func close() {
        let left = inbox.close()
        let ending = PostgresError(.shuttingDown, "the pool is shutting down")
        let connections = lanes.compactMap(\.connection) + leaseConnections.values
        for lane in lanes { lane.place = .connecting }
        leaseConnections = [:]
        stopAt = now
        for connection in connections {
            for unit in connection.abandonAll() { refuse(unit, ending) }
        }
        for request in reads.former.removeAll() + readsAhead.former.removeAll() { request.fail(ending) }
        writes.removeAll { write in
            write.request.fail(ending)
            return true
        }
        for (_, write) in delayed { write.request.fail(ending) }
        leases.removeWaiters { $0.settle(.failure(ending)) || true }
        for command in left { command.refuse(ending) }
        publish()
        deliver()
    }

    /// What was sent and not answered may have happened.
    private func refuse(_ unit: PipelineUnit, _ ending: PostgresError) {
        let failure = ending.with(effect: unit.failure?.effect ?? .unknown)
        for request in unit.requests { request.fail(failure) }
    }

    func publish() {
        statistics.connectionsReady = lanes.count { $0.connection != nil }
        statistics.requestsInFlight = lanes.reduce(0) { $0 + ($1.connection?.requestsInFlight ?? 0) }
        statistics.readsWaiting = reads.former.count + (readsAhead === reads ? 0 : readsAhead.former.count)
        statistics.writesWaiting = writes.count + delayed.count
        statistics.leasesOut = leases.leased.count
        statistics.leasesWaiting = leases.waiters.count
        meters.publish(statistics)
        published.update(statistics)
    }
}
