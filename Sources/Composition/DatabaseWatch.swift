import Logging
import Metrics
import Postgres
import Schema
import ServiceLifecycle
import Locking

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
        let at: ContinuousClock.Instant
        let hasEveryMigration: Bool
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
    package var isAnswering: Bool { freshAnswer != nil }

    /// Whether it has every migration that this program was built with.
    ///
    /// Further ones do not count against it: while the instances of a new version start, those of the old one serve on.
    package var hasEveryMigration: Bool { freshAnswer?.hasEveryMigration ?? false }

    private var freshAnswer: Answer? {
        lastAnswer.withLock { $0 }.flatMap { ContinuousClock.now - $0.at < Self.validity ? $0 : nil }
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
            let latest = try await pool.one(LatestMigration())
            return Answer(at: .now, hasEveryMigration: latest >= LatestMigration.known)
        } catch {
            // What the server refuses to tell, it has not got.
            return error.sqlState == .undefinedTable ? Answer(at: .now, hasEveryMigration: false) : nil
        }
    }
}
