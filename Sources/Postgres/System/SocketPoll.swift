import CEvents
import Glibc

/// Which of some twenty sockets can be read or written, by `epoll(7)`.
struct SocketPoll: ~Copyable {
    private let descriptor: CInt

    init() throws(PostgresError) {
        descriptor = events_open()
        guard descriptor >= 0 else { throw PostgresError(.misuse, "no file descriptors left: errno \(errno)") }
    }

    deinit { close(descriptor) }

    // Watching fails only for a socket that is closed already, which the next read or write reports.

    /// Watches `socket` for input; `token` names it in what ``wait(milliseconds:into:)`` gives.
    func add(_ socket: CInt, token: UInt64) { _ = events_add(descriptor, socket, 0, token) }

    /// Watches a signal that is raised anew each time and never read.
    func add(_ signal: borrowing WakeSignal, token: UInt64) { _ = events_add(descriptor, signal.descriptor, 1, token) }

    /// Also watches for room to write, or no longer.
    func watchWriting(_ socket: CInt, token: UInt64, _ isWanted: Bool) { _ = events_change(descriptor, socket, isWanted ? 1 : 0, token) }

    /// Before the socket is closed.
    func remove(_ socket: CInt) { _ = events_remove(descriptor, socket) }

    /// Waits, then appends the token of each ready socket.
    ///
    /// Errors and hang-ups count as ready: the next read reports them.
    ///
    /// - Parameter milliseconds: at most so long; nil is without end.
    func wait(milliseconds: Int32?, into ready: inout [UInt64]) {
        unsafe withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 32) { tokens in
            let count = unsafe events_wait(descriptor, tokens.baseAddress, 32, milliseconds ?? -1)
            for index in 0..<max(0, Int(count)) { unsafe ready.append(tokens[index]) }
        }
    }
}
