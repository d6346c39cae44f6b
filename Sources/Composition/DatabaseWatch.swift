import Logging
import Metrics
import Postgres
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
    private let lastAnswer = Mutex<ContinuousClock.Instant?>(nil)

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
    package var isAnswering: Bool {
        lastAnswer.withLock { last in last.map { ContinuousClock.now - $0 < Self.validity } ?? false }
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
            let answers = await isAnsweringNow()
            lastAnswer.withLock { $0 = answers ? .now : nil }
            try? await Task.sleep(for: Self.interval)
        }
    }

    private func isAnsweringNow() async -> Bool {
        do throws(PostgresError) {
            try await pool.waitUntilReady(timeout: Self.patience)
            return true
        } catch {
            return false
        }
    }
}
