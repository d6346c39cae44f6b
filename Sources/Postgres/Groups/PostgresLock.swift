/// An advisory lock a write needs, held until its transaction ends.
package struct PostgresLock: Hashable, Sendable {
    /// Whether others may hold it too.
    package enum Mode: Hashable, Sendable {
        case shared
        case exclusive
    }

    package let key: Int64
    package let mode: Mode

    package init(key: Int64, mode: Mode) {
        self.key = key
        self.mode = mode
    }

    /// Each key once, ascending, exclusive where anyone asks for it: an order in which groups cannot deadlock.
    static func union(_ locks: some Sequence<PostgresLock>) -> [PostgresLock] {
        var modes: [Int64: Mode] = [:]
        for lock in locks where modes[lock.key] != .exclusive { modes[lock.key] = lock.mode }
        return modes.sorted { $0.key < $1.key }.map { PostgresLock(key: $0.key, mode: $0.value) }
    }
}
