import Locking

/// Runs the jobs of one actor on a thread of its own, where blocking harms nobody.
///
/// The thread ends with ``stop()``.
final class ThreadExecutor: SerialExecutor {
    private let state = Mutex(State())
    private let signal: WakeSignal

    private struct State {
        var jobs: [UnownedJob] = []
        var isStopped = false
    }

    init() throws(PostgresError) {
        signal = try WakeSignal()
        try startThread { [self] in work() }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
        signal.raise()
    }

    /// Only when no job can come any more, so when the actor is gone.
    func stop() {
        state.withLock { $0.isStopped = true }
        signal.raise()
    }

    private func work() {
        while true {
            _ = waitForSocket(signal.descriptor, toWrite: false, milliseconds: -1)
            signal.clear()
            let (jobs, isStopped) = state.withLock { state in
                defer { state.jobs = [] }
                return (state.jobs, state.isStopped)
            }
            for job in jobs { unsafe job.runSynchronously(on: asUnownedSerialExecutor()) }
            if isStopped { return }
        }
    }
}
