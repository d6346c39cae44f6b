import Locking

/// What the supervised server is doing, for those who wait for it and for the one who stops it.
final class ServerState: Sendable {
    enum Phase: Sendable {
        case idle, starting, ready
        case over(ManagedPostgresError?)
    }

    private struct Contents {
        var phase = Phase.idle
        var isStopping = false
        var child: ChildProcess?
    }

    private let contents = Mutex(Contents())

    var phase: Phase {
        get { contents.withLock { $0.phase } }
        set { contents.withLock { $0.phase = newValue } }
    }

    var isStopping: Bool { contents.withLock { $0.isStopping } }

    var processID: Int32? { contents.withLock { $0.child?.processID } }

    /// Asks the running server to stop, and any started from now on.
    func stop(grace: Duration) {
        let child = contents.withLock {
            $0.isStopping = true
            return $0.child
        }
        child?.stop(grace: grace)
    }

    /// Names the child that ``stop(grace:)`` speaks to.
    ///
    /// One that comes after the request is stopped at once.
    func supervise(_ child: ChildProcess?, grace: Duration) {
        let isStopping = contents.withLock {
            $0.child = child
            return $0.isStopping
        }
        if isStopping { child?.stop(grace: grace) }
    }
}
