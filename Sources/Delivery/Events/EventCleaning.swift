package import Logging
package import Postgres
import ServiceLifecycle

/// Forgets, every hour, the events, deliveries and mail of more than 30 days ago.
package struct EventCleaning: Service {
    private let delivery: Delivery
    private let interval: Duration
    private let logger: Logger

    package init(delivery: Delivery, interval: Duration = .seconds(3_600), logger: Logger) {
        self.delivery = delivery
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

    /// A failure waits for the next turn.
    private func attempt() async {
        do {
            let removed = try await delivery.forgetOldEvents()
            if removed > 0 { logger.debug("Old events forgotten", metadata: ["count": "\(removed)"]) }
        } catch {
            logger.warning("Old events could not be forgotten", metadata: ["error": "\(error)"])
        }
    }
}

extension Delivery {
    /// - Returns: how many events, deliveries and messages went.
    package func forgetOldEvents(batch: Int32 = 1_000) async throws(PostgresError) -> Int {
        var count = 0
        var removed = batch
        while !Task.isCancelled, removed > 0 {
            removed = try await database.one(SQL.ForgetOldEvents(batch: batch)).removed
            count += Int(removed)
        }
        removed = batch
        while !Task.isCancelled, removed > 0 {
            removed = try await database.one(SQL.ForgetOldMessages(batch: batch)).removed
            count += Int(removed)
        }
        removed = batch
        while !Task.isCancelled, removed > 0 {
            removed = try await database.one(SQL.ForgetOldMail(batch: batch)).removed
            count += Int(removed)
        }
        return count
    }
}
