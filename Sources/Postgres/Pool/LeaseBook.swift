import DequeModule

/// Who holds which exclusive connection, who waits, and when to open another; pure.
struct LeaseBook<Waiter> {
    let limit: Int
    private(set) var idle: [UInt64] = []
    private(set) var leased: Set<UInt64> = []
    private(set) var connecting: Set<UInt64> = []
    private(set) var waiters: Deque<Waiter> = []

    init(limit: Int) { self.limit = limit }

    mutating func wait(_ waiter: Waiter) { waiters.append(waiter) }

    /// The next waiter with a connection for it; `putBack` when the waiter turns out to be gone.
    mutating func match() -> (waiter: Waiter, token: UInt64)? {
        guard !waiters.isEmpty, let token = idle.popLast() else { return nil }
        leased.insert(token)
        return (waiters.removeFirst(), token)
    }

    mutating func putBack(_ token: UInt64) {
        if leased.remove(token) != nil { idle.append(token) }
    }

    /// More waiters than connections on the way, and room for one more.
    var shouldConnect: Bool {
        waiters.count > connecting.count + idle.count && idle.count + leased.count + connecting.count < limit
    }

    mutating func connecting(_ token: UInt64) { connecting.insert(token) }

    /// False when the token is not one of ours.
    mutating func connected(_ token: UInt64) -> Bool {
        guard connecting.remove(token) != nil else { return false }
        idle.append(token)
        return true
    }

    mutating func refused(_ token: UInt64) -> Bool { connecting.remove(token) != nil }

    /// The connection is gone, wherever it was.
    mutating func lost(_ token: UInt64) {
        idle.removeAll { $0 == token }
        leased.remove(token)
    }

    mutating func removeWaiters(where isOver: (Waiter) -> Bool) { waiters.removeAll(where: isOver) }
}
