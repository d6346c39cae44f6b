package import Logging
package import Postgres
import ServiceLifecycle

/// Forgets the kept answers that no retry may ask for any more, once a day.
package struct AnswerCleaning: Service {
    private let database: PostgresPool
    private let interval: Duration
    private let logger: Logger

    package init(database: PostgresPool, interval: Duration = .seconds(86_400), logger: Logger) {
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

    /// - Returns: how many answers were forgotten.
    package func clean() async throws(PostgresError) -> Int64 {
        try await database.one(SQL.ForgetOldAnswers()).removed
    }

    /// A failure waits for the next day: nothing depends on the moment.
    private func attempt() async {
        do {
            let removed = try await clean()
            logger.debug("Old answers forgotten", metadata: ["count": "\(removed)"])
        } catch {
            logger.warning("Old answers could not be forgotten", metadata: ["error": "\(error)"])
        }
    }
}
