import Locking

/// A task's wait for a connection of its own.
final class LeaseRequest: Sendable {
    let submitted: ContinuousClock.Instant
    let deadline: ContinuousClock.Instant
    private let progress = Mutex(Progress())

    private struct Progress {
        var waiter: CheckedContinuation<Void, Never>?
        var outcome: Result<UInt64, PostgresError>?
    }

    init(patience: Duration) {
        submitted = ContinuousClock.now
        deadline = submitted + patience
    }

    /// The token of the connection.
    func token(submit: (LeaseRequest) -> Void) async throws(PostgresError) -> UInt64 {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = progress.withLock { progress in
                    progress.waiter = progress.outcome == nil ? continuation : nil
                    return progress.outcome != nil
                }
                if isOver { continuation.resume() } else { submit(self) }
            }
        } onCancel: {
            _ = settle(.failure(PostgresError(.cancelled, "the task was cancelled")))
        }
        let outcome = progress.withLock { $0.outcome }
        guard let outcome else { throw PostgresError(.protocolViolation, "the lease has no outcome") }
        return try outcome.get()
    }

    /// False when it was already settled, so that the connection is still the loop's.
    func settle(_ outcome: Result<UInt64, PostgresError>) -> Bool {
        let (isFirst, waiter) = progress.withLock { progress in
            guard progress.outcome == nil else { return (false, CheckedContinuation<Void, Never>?.none) }
            progress.outcome = outcome
            return (true, progress.waiter.take())
        }
        waiter?.resume()
        return isFirst
    }

    var isSettled: Bool { progress.withLock { $0.outcome != nil } }
}
