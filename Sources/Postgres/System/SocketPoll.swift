import Glibc

/// Which of some twenty sockets can be read or written: `poll(2)`, which at this number costs as little as `epoll(7)`
/// and is the same on every system.
struct SocketPoll: ~Copyable {
    private var descriptors: [pollfd] = []
    private var tokens: [UInt64] = []

    /// Watches `socket` for input; `token` names it in what ``wait(milliseconds:into:)`` gives.
    mutating func add(_ socket: CInt, token: UInt64) {
        descriptors.append(pollfd(fd: socket, events: Int16(POLLIN), revents: 0))
        tokens.append(token)
    }

    /// Also watches for room to write, or no longer.
    mutating func watchWriting(_ token: UInt64, _ isWanted: Bool) {
        guard let index = tokens.firstIndex(of: token) else { return }
        descriptors[index].events = Int16(isWanted ? POLLIN | POLLOUT : POLLIN)
    }

    mutating func remove(token: UInt64) {
        guard let index = tokens.firstIndex(of: token) else { return }
        descriptors.remove(at: index)
        tokens.remove(at: index)
    }

    /// Waits, then appends the token of each ready socket.
    ///
    /// Errors and hang-ups count as ready: the next read reports them.
    ///
    /// - Parameter milliseconds: at most so long; nil is without end.
    mutating func wait(milliseconds: Int32?, into ready: inout [UInt64]) {
        let count = unsafe poll(&descriptors, nfds_t(descriptors.count), milliseconds ?? -1)
        guard count > 0 else { return }
        for (index, descriptor) in descriptors.enumerated() where descriptor.revents != 0 { ready.append(tokens[index]) }
    }
}
