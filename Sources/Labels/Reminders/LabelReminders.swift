package import Logging
package import Postgres
import ServiceLifecycle

/// Announces the ends of labels some months before, as the policy says, by the database's clock.
///
/// What was announced stands in the database, so that nothing is announced twice: neither after a restart nor by several instances.
package struct LabelReminders: Service {
    private let database: PostgresPool
    private let interval: Duration
    private let logger: Logger

    package init(database: PostgresPool, interval: Duration = .seconds(3_600), logger: Logger) {
        self.database = database
        self.interval = interval
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await attempt()
                try? await Task.sleep(for: interval)
            }
        }
    }

    /// - Returns: how many reminders were sent.
    package func send() async throws(PostgresError) -> Int32 {
        try await database.one(SQL.SendReminders()).sent
    }

    /// A failure waits for the next hour: a reminder is due for a day and later.
    private func attempt() async {
        do {
            let sent = try await send()
            if sent > 0 { logger.info("Ends of labels announced", metadata: ["count": "\(sent)"]) }
        } catch {
            logger.warning("Ends of labels could not be announced", metadata: ["error": "\(error)"])
        }
    }
}
