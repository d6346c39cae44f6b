import Glibc

/// A thread for one piece of work that blocks for long, kept off the cooperative pool.
enum BlockingThread {
    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Starts the thread; it ends with `body`.
    static func start(_ body: @escaping @Sendable () -> Void) throws(ManagedPostgresError) {
        let work = Unmanaged.passRetained(Work(body))
        var thread = pthread_t()
        let reason = pthread_create(&thread, nil, perform, work.toOpaque())
        guard reason == 0 else {
            work.release()
            throw ManagedPostgresError(.systemCall, "Can't start a thread: \(String(cString: strerror(reason))).")
        }
        pthread_detach(thread)
    }

    private static let perform: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { pointer in
        if let pointer { Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body() }
        return nil
    }

    /// The result of `body`, run on a thread of its own.
    static func run<T: Sendable>(
        _ body: @escaping @Sendable () -> Result<T, ManagedPostgresError>
    ) async throws(ManagedPostgresError) -> T {
        let result = await withCheckedContinuation { continuation in
            do throws(ManagedPostgresError) {
                try start { continuation.resume(returning: body()) }
            } catch {
                continuation.resume(returning: Result<T, ManagedPostgresError>.failure(error))
            }
        }
        return try result.get()
    }
}
