import Logging
import ServiceLifecycle

/// Keeps the server running until it is told to stop.
struct ServerSupervision: Sendable {
    let server: Command
    let orphan: OrphanedServer
    let log: LogTail
    let configuration: ManagedPostgres.Configuration
    let state: ServerState
    let logger: Logger

    func run() async throws {
        let clock = ContinuousClock()
        let firstStart = clock.now
        var delay = RestartDelay()
        var wasReady = false
        while !state.isStopping {
            try await orphan.waitUntilGone(grace: configuration.orphanGrace)
            let started = clock.now
            let status = try await runOnce(&wasReady)
            if state.isStopping { return }
            guard wasReady || mayTryAgain(since: clock.now - firstStart) else {
                throw ManagedPostgresError(.startFailed, "PostgreSQL \(status) while starting. Its log ends:\n\(log.text)")
            }
            let pause = delay.following(uptime: clock.now - started)
            logger.error(
                "PostgreSQL ended and is started again",
                metadata: ["status": "\(status)", "pause": "\(pause)", "log": "\(log.text)"])
            await sleep(pause)
        }
    }

    /// One life of the server, from start to end.
    private func runOnce(_ wasReady: inout Bool) async throws(ManagedPostgresError) -> ExitStatus {
        let clock = ContinuousClock()
        let started = clock.now
        let child = try await ChildProcess.start(server, outputPath: log.layout.startLog)
        state.supervise(child, grace: configuration.stopGrace)
        defer {
            state.supervise(nil, grace: configuration.stopGrace)
            state.phase = .starting
        }
        while child.exitStatus == nil, !state.isStopping, !accepts(child) { try? await Task.sleep(for: .milliseconds(10)) }
        if child.exitStatus == nil, !state.isStopping {
            wasReady = true
            state.phase = .ready
            logger.info(
                "PostgreSQL is ready", metadata: ["process": "\(child.processID)", "after": "\(clock.now - started)"])
        }
        return await child.exit()
    }

    /// As `pg_ctl` does it: the file says so, and it is this child that says so.
    private func accepts(_ child: ChildProcess) -> Bool {
        guard let file = PostmasterFile.read(log.layout.postmasterFile) else { return false }
        return file.processID == child.processID && file.isReady
    }

    /// Children of a killed server notice within moments; until then their shared memory keeps a new server out.
    private func mayTryAgain(since start: Duration) -> Bool {
        log.namesSurvivingChildren && start < configuration.startTimeout
    }

    private func sleep(_ duration: Duration) async {
        // Interrupted by shutdown, after which the loop ends.
        try? await cancelWhenGracefulShutdown { try await Task.sleep(for: duration) }
    }
}
