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
    private let kind: Kind

    private enum Kind {
        /// Heeds cancellation: it is cancelled after the timeout, and then counts as failed.
        case asked(timeout: Duration, @Sendable () async -> Bool)
        case known(@Sendable () -> Bool)
    }

    package init(_ name: String, timeout: Duration = .milliseconds(500), holds: @escaping @Sendable () async -> Bool) {
        self.init(name: name, kind: .asked(timeout: timeout, holds))
    }

    private init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }

    /// One whose verdict is there already, so that the answer waits for nothing.
    package static func known(_ name: String, verdict: @escaping @Sendable () -> Bool) -> ReadinessCheck {
        ReadinessCheck(name: name, kind: .known(verdict))
    }

    /// Nil for one that has to be asked.
    var verdict: Bool? {
        if case .known(let verdict) = kind { verdict() } else { nil }
    }

    func run() async -> Bool {
        guard case .asked(let timeout, let holds) = kind else { return verdict ?? false }
        return await withTaskGroup(of: Bool.self) { group in
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
