import Logging
import Metrics
import Postgres
import Schema
import ServiceLifecycle
import Synchronization

/// Asks the database again and again whether it answers, on a connection of its own, and keeps the verdict.
///
/// So readiness costs nothing to ask for, and depends on the database alone: not on what other requests are waiting for.
package final class DatabaseWatch: Service {
    /// An answer that is older says nothing any more.
    static let validity: Duration = .milliseconds(900)
    private static let interval: Duration = .milliseconds(200)
    private static let patience: Duration = .milliseconds(400)

    private let pool: PostgresPool
    private let lastAnswer = Mutex<Answer?>(nil)

    private struct Answer {
        let moment: ContinuousClock.Instant
        /// The last migration that the database has.
        let migration: Int32
    }

    /// - Parameter database: as which service the connection introduces itself, and where it leads.
    init(database: PostgresPool.Configuration, logger: Logger) throws(PostgresError) {
        var configuration = database
        configuration.applicationName = "plateau watch"
        configuration.pipelinedConnections = 1
        configuration.aheadConnections = 0
        configuration.reliefConnections = 0
        configuration.groupConnections = 0
        configuration.exclusiveConnections = 0
        configuration.acquireTimeout = Self.patience
        configuration.statementTimeout = Self.patience
        configuration.silenceTimeout = Self.validity
        configuration.longestBackoff = Self.interval
        // The pool that serves tells of lost connections.
        pool = try PostgresPool(
            configuration: configuration, logger: Logger(label: logger.label) { _ in SwiftLogNoOpLogHandler() },
            metrics: NOOPMetricsHandler.instance)
    }

    /// Whether the database answered a moment ago.
    package var isAnswering: Bool { recent != nil }

    /// Whether it said then that it has every migration that this program was built with.
    ///
    /// Further ones do not count against it: while the instances of a new version start, those of the old one serve on.
    package var hasSchema: Bool { recent.map { $0.migration >= LatestMigration.known } ?? false }

    private var recent: Answer? {
        lastAnswer.withLock { last in last.flatMap { ContinuousClock.now - $0.moment < Self.validity ? $0 : nil } }
    }

    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [pool] in try await pool.run() }
            await cancelWhenGracefulShutdown { await self.watch() }
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    private func watch() async {
        while !Task.isCancelled {
            let answer = await ask()
            lastAnswer.withLock { $0 = answer }
            try? await Task.sleep(for: Self.interval)
        }
    }

    private func ask() async -> Answer? {
        do throws(PostgresError) {
            let migration = try await pool.one(LatestMigration())
            return Answer(moment: .now, migration: migration)
        } catch {
            return nil
        }
    }
}
