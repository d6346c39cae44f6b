import CLibPQ
import Glibc

/// Which of some twenty sockets can be read or written, by `epoll(7)`.
struct SocketPoll: ~Copyable {
    /// Bits of `sys/epoll.h`, whose macros Swift cannot read.
    private static let readable: UInt32 = 0x001
    private static let writable: UInt32 = 0x004
    private static let onlyOnChange: UInt32 = 1 << 31

    private let descriptor: CInt

    init() throws(PostgresError) {
        descriptor = epoll_create1(CInt(O_CLOEXEC))
        guard descriptor >= 0 else { throw PostgresError(.misuse, "no file descriptors left: errno \(errno)") }
    }

    deinit { close(descriptor) }

    /// Watches `socket` for input; `token` names it in what ``wait(milliseconds:into:)`` gives.
    func add(_ socket: CInt, token: UInt64) { control(EPOLL_CTL_ADD, socket, Self.readable, token) }

    /// Watches a signal that is raised anew each time and never read.
    func add(_ signal: borrowing WakeSignal, token: UInt64) {
        control(EPOLL_CTL_ADD, signal.descriptor, Self.readable | Self.onlyOnChange, token)
    }

    /// Also watches for room to write, or no longer.
    func watchWriting(_ socket: CInt, token: UInt64, _ isWanted: Bool) {
        control(EPOLL_CTL_MOD, socket, isWanted ? Self.readable | Self.writable : Self.readable, token)
    }

    /// Before the socket is closed.
    func remove(_ socket: CInt) { control(EPOLL_CTL_DEL, socket, 0, 0) }

    private func control(_ operation: CInt, _ socket: CInt, _ events: UInt32, _ token: UInt64) {
        var event = unsafe epoll_event(events: events, data: epoll_data_t(u64: token))
        // It fails only for a socket that is closed already, which the next read or write reports.
        _ = unsafe epoll_ctl(descriptor, operation, socket, &event)
    }

    /// Waits, then appends the token of each ready socket.
    ///
    /// Errors and hang-ups count as ready: the next read reports them.
    ///
    /// - Parameter milliseconds: at most so long; nil is without end.
    func wait(milliseconds: Int32?, into ready: inout [UInt64]) {
        unsafe withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: 32) { events in
            let count = unsafe epoll_wait(descriptor, events.baseAddress, 32, milliseconds ?? -1)
            for index in 0..<max(0, Int(count)) { unsafe ready.append(events[index].data.u64) }
        }
    }
}
