import Glibc

/// Starts a thread of this module; it ends when `body` returns.
///
/// The owner learns of the end from what `body` does last: it resumes a continuation or posts to an inbox.
///
/// - Throws: `misuse` when the system gives no more threads.
func startThread(_ body: @escaping @Sendable () -> Void) throws(PostgresError) {
    let box = unsafe Unmanaged.passRetained(ThreadBody(body))
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    unsafe pthread_attr_setdetachstate(&attributes, CInt(PTHREAD_CREATE_DETACHED))
    var thread = pthread_t()
    let status = unsafe pthread_create(
        &thread, &attributes,
        { box in
            guard let box = unsafe box else { return nil }
            unsafe Unmanaged<ThreadBody>.fromOpaque(box).takeRetainedValue().body()
            return nil
        }, box.toOpaque())
    unsafe pthread_attr_destroy(&attributes)
    guard status == 0 else {
        unsafe box.release()
        throw PostgresError(.misuse, "no threads left: errno \(status)")
    }
}

/// Carries the closure to its thread.
private final class ThreadBody: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}
