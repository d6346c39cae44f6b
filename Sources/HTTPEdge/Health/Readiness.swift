import Synchronization

/// Whether this instance should be sent requests.
package final class Readiness: Sendable {
    /// The way of a process: up, serving, going.
    package enum Phase: String, Sendable {
        case starting, ready, draining
    }

    private let state = Mutex(Phase.starting)
    let checks: [ReadinessCheck]

    package init(checks: [ReadinessCheck] = []) {
        self.checks = checks
    }

    package var phase: Phase {
        state.withLock { $0 }
    }

    package var isDraining: Bool { phase == .draining }

    /// Start-up is over.
    ///
    /// Nothing once draining has begun.
    package func becomeReady() {
        state.withLock { if $0 == .starting { $0 = .ready } }
    }

    /// No way back: the process is going.
    package func beginDraining() {
        state.withLock { $0 = .draining }
    }
}

/// Something that must hold for requests to succeed, such as the database answering.
package struct ReadinessCheck: Sendable {
    package let name: String
    /// Heeds cancellation: it is cancelled after ``timeout``, and then counts as failed.
    let holds: @Sendable () async -> Bool
    let timeout: Duration

    package init(_ name: String, timeout: Duration = .milliseconds(500), holds: @escaping @Sendable () async -> Bool) {
        self.name = name
        self.timeout = timeout
        self.holds = holds
    }

    func run() async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { await holds() }
            group.addTask {
                try? await Task.sleep(for: timeout)
                return false
            }
            let verdict = await group.next() ?? false
            group.cancelAll()
            return verdict
        }
    }
}
