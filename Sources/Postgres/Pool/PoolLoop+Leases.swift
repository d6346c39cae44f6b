extension PoolLoop {
    /// Gives free exclusive connections to those who wait, and opens more when they are too few.
    func serveLeases() {
        while let (request, token) = leases.match() {
            // The task may have been cancelled meanwhile; then the next one gets it.
            if !request.settle(.success(token)) {
                leases.putBack(token)
            } else {
                meters.waited(now - request.submitted, .transaction)
            }
        }
        while leases.shouldConnect, leaseRetryAt.map({ $0 <= now }) ?? true {
            leaseRetryAt = nil
            let token = nextToken()
            leases.connecting(token)
            connect(token)
        }
    }

    /// Sends a request of the task that holds the connection.
    func converse(_ token: UInt64, _ request: PostgresRequest) {
        guard let connection = leaseConnections[token], connection.loss == nil else {
            return request.fail(PostgresError(.connectionLost, "the connection was lost"))
        }
        guard request.markSent() else { return }
        connection.send(PipelineUnit(conversation: request), at: now)
    }

    /// Takes a connection back; one that is not idle, or broken, is closed (its transaction rolls back).
    func endLease(_ token: UInt64, isBroken: Bool) {
        guard let connection = leaseConnections[token] else { return leases.lost(token) }
        if !isBroken && connection.isReusable { return leases.putBack(token) }
        dispose(token)
        for unit in connection.abandonAll() { complete(unit) }
    }
}
