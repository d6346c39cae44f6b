import Locking

/// Where the loop leaves its figures for others to read.
final class PublishedStatistics: Sendable {
    private let latest = Mutex(PostgresStatistics())

    var current: PostgresStatistics { latest.withLock { $0 } }

    func update(_ statistics: PostgresStatistics) { latest.withLock { $0 = statistics } }
}
