import Locking

/// A monotonic clock that goes on only when told.
final class SteppedTime: Sendable {
    private let moment = Mutex(ContinuousClock.now)

    var now: ContinuousClock.Instant { moment.withLock { $0 } }

    func pass(_ duration: Duration) {
        moment.withLock { $0 += duration }
    }
}
