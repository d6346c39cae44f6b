/// A suspended task, resumed exactly once.
///
/// Unchecked, since the check of `CheckedContinuation` costs an allocation a request; `PostgresRequest` takes the waiter out of its state
/// under a lock before it resumes it, so that nobody can do it twice.
@safe
struct TaskWaiter: Sendable {
    private let continuation: UnsafeContinuation<Void, Never>

    private init(_ continuation: UnsafeContinuation<Void, Never>) { unsafe self.continuation = unsafe continuation }

    func resume() { unsafe continuation.resume() }

    /// Suspends the task until `body`, or whoever it gives the waiter to, resumes it.
    static func wait(_ body: (TaskWaiter) -> Void) async {
        unsafe await withUnsafeContinuation { continuation in body(unsafe TaskWaiter(continuation)) }
    }
}
