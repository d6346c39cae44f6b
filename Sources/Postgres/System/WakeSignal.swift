import CEvents
import Glibc

/// Lets any thread wake the one that waits for `descriptor`: a counter of the kernel, `eventfd(2)`.
struct WakeSignal: ~Copyable, Sendable {
    let descriptor: CInt

    init() throws(PostgresError) {
        descriptor = events_open_signal()
        guard descriptor >= 0 else { throw PostgresError(.misuse, "no file descriptors left: errno \(errno)") }
    }

    deinit { close(descriptor) }

    /// A full counter wakes as well as one more, so the result does not matter.
    func raise() {
        var one: UInt64 = 1
        _ = unsafe write(descriptor, &one, 8)
    }

    func clear() {
        var count: UInt64 = 0
        _ = unsafe read(descriptor, &count, 8)
    }
}
