import Logging

extension PoolLoop {
    /// Opens a connection for each empty lane whose time has come.
    func fillLanes() {
        guard stopAt == nil else { return }
        for lane in lanes {
            guard case .empty(let retryAt) = lane.place, retryAt.map({ $0 <= now }) ?? true, isWanted(lane) else { continue }
            if lane.purpose == .relief { statistics.reliefsOpened += 1 }
            lane.token = nextToken()
            lane.place = .connecting
            connect(lane.token)
        }
    }

    /// Opens a connection on a thread of its own: name resolution blocks, and cannot be bounded.
    func connect(_ token: UInt64) {
        let options = configuration.options.startingAtHost(hostOffset)
        do throws(PostgresError) {
            try startThread { [timeout = configuration.connectTimeout, inbox, logger] in
                do throws(PostgresError) {
                    var handle = try ConnectionHandle.open(options, timeout: timeout, logger: logger)
                    try handle.enterPipeline()
                    _ = inbox.post(.connected(token, ConnectionTransfer(handle)))
                } catch {
                    _ = inbox.post(.refused(token, error))
                }
            }
        } catch {
            _ = inbox.post(.refused(token, error))
        }
    }

    func connected(_ token: UInt64, _ transfer: ConnectionTransfer) {
        guard let handle = transfer.take() else { return }
        let connection = PipelineConnection(handle, naming: configuration.preparedStatements, at: now)
        if let lane = lanes.first(where: { $0.token == token }) {
            lane.place = .ready(connection)
            lane.backoff.reset()
        } else if leases.connected(token) {
            leaseConnections[token] = connection
            leaseBackoff.reset()
        } else {
            return
        }
        statistics.connectionsMade += 1
        poll.add(connection.socket, token: token)
        retryEmpty()
    }

    /// The server answers: whoever pauses after a refusal need not wait out the pause.
    private func retryEmpty() {
        lastRefusal = nil
        leaseRetryAt = nil
        for lane in lanes { if case .empty(.some) = lane.place { lane.place = .empty(retryAt: nil) } }
    }

    func refused(_ token: UInt64, _ error: PostgresError) {
        lastRefusal = error
        statistics.connectionsRefused += 1
        // A host that says nothing uses up the whole time allowed: begin with the next one.
        if error.code == .timedOut { hostOffset += 1 }
        logger.warning("cannot connect to PostgreSQL", metadata: ["error": "\(error)"])
        if let lane = lanes.first(where: { $0.token == token }) {
            lane.place = .empty(retryAt: now + lane.backoff.next(using: &random))
        } else if leases.refused(token) {
            leaseRetryAt = now + leaseBackoff.next(using: &random)
        }
    }

    /// Takes a lost connection out of service; what was in flight on it fails, or goes back to wait when it surely did nothing.
    func bury(_ connection: PipelineConnection, token: UInt64, because loss: PostgresError) {
        statistics.connectionsLost += 1
        logger.info("lost a connection to PostgreSQL", metadata: ["error": "\(loss)"])
        lastRefusal = loss.with(effect: .nothingHappened)
        dispose(token)
        for unit in connection.abandonAll() { complete(unit) }
    }

    /// Forgets the connection; its lane is filled anew at once, then with growing pauses.
    func dispose(_ token: UInt64) {
        if let lane = lanes.first(where: { $0.token == token }) {
            if let connection = lane.connection { poll.remove(connection.socket) }
            lane.place = .empty(retryAt: nil)
        } else {
            if let connection = leaseConnections.removeValue(forKey: token) { poll.remove(connection.socket) }
            leases.lost(token)
        }
    }
}
