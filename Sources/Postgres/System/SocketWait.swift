import Glibc

/// Blocks this thread until `socket` is ready or the time is over; false when it is over.
func waitForSocket(_ socket: CInt, toWrite: Bool, milliseconds: Int32) -> Bool {
    var descriptor = pollfd(fd: socket, events: Int16(toWrite ? POLLOUT : POLLIN), revents: 0)
    while true {
        let ready = unsafe poll(&descriptor, 1, milliseconds)
        if ready < 0 && errno == EINTR { continue }
        return ready != 0
    }
}
