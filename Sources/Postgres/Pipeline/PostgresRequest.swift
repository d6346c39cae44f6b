import Synchronization
import Tracing

/// One call of a statement, from the task that waits for it to the thread that drives the connections.
///
/// The answer stays here until the task takes it: a continuation cannot carry a value that is not copyable.
final class PostgresRequest: Sendable {
    let call: PipelineCall
    /// Sent before the call, under the same Sync.
    let opening: [PipelineCall]
    /// Others wait for its answer: it does not stand in the queue of all reads.
    let isAhead: Bool
    let submitted: ContinuousClock.Instant
    /// When to give up waiting for a connection.
    let deadline: ContinuousClock.Instant
    private let span: CallSpan?
    private let progress = Mutex(Progress())

    private struct Progress: ~Copyable {
        var waiter: TaskWaiter?
        var isSent = false
        var isFinished = false
        var result: PostgresResult?
        var failure: PostgresError?
    }

    init(
        _ call: PipelineCall, opening: [PipelineCall] = [], patience: Duration, isAhead: Bool = false, tracer: (any Tracer)? = nil
    ) {
        self.call = call
        self.opening = opening
        self.isAhead = isAhead
        submitted = ContinuousClock.now
        deadline = submitted + patience
        span = CallSpan(call.statement.name, tracer: tracer)
    }

    // MARK: The task's side

    /// Hands the request to `submit` and waits; a cancelled task stops waiting at once and leaves the connection alone.
    func answer(submit: (PostgresRequest) -> Void) async throws(PostgresError) -> PostgresResult {
        await withTaskCancellationHandler {
            await wait(submit: submit)
        } onCancel: {
            abandon()
        }
        return try take()
    }

    /// The same, but a cancelled task waits too: for COMMIT and ROLLBACK.
    func shieldedAnswer(submit: (PostgresRequest) -> Void) async throws(PostgresError) -> PostgresResult {
        await wait(submit: submit)
        return try take()
    }

    private func wait(submit: (PostgresRequest) -> Void) async {
        await TaskWaiter.wait { waiter in
            if begin(waiter) { submit(self) }
        }
    }

    private func begin(_ waiter: TaskWaiter) -> Bool {
        let mayBegin = progress.withLock { progress in
            if !progress.isFinished { progress.waiter = waiter }
            return !progress.isFinished
        }
        if !mayBegin { waiter.resume() }
        return mayBegin
    }

    private func take() throws(PostgresError) -> PostgresResult {
        let failure = progress.withLock { $0.failure }
        span?.end(failure)
        if let failure { throw failure }
        let result = progress.withLock { $0.result.take() }
        guard let result else { throw PostgresError(.protocolViolation, "the answer is missing", statement: call.statement.name) }
        return result
    }

    private func abandon() {
        finish { progress in
            let effect: PostgresError.Effect = progress.isSent ? .unknown : .nothingHappened
            progress.failure = PostgresError(.cancelled, "the task was cancelled", effect: effect)
        }
    }

    // MARK: The connections' side

    /// False when nobody waits any more, and then it must not be sent.
    func markSent() -> Bool {
        progress.withLock { progress in
            progress.isSent = true
            return !progress.isFinished
        }
    }

    /// Keeps the answer until the Sync confirms it.
    func hold(_ result: consuming PostgresResult) {
        var result = Optional(result)
        progress.withLock { progress in
            if !progress.isFinished { progress.result = result.take() }
        }
    }

    func succeed() { finish { _ in } }

    func fail(_ failure: PostgresError) {
        finish { progress in
            progress.result = nil
            progress.failure = failure.statement == nil ? failure.with(statement: call.statement.name) : failure
        }
    }

    private func finish(_ body: (inout Progress) -> Void) {
        let waiter: TaskWaiter? = progress.withLock { progress in
            guard !progress.isFinished else { return nil }
            body(&progress)
            progress.isFinished = true
            return progress.waiter.take()
        }
        waiter?.resume()
    }
}
