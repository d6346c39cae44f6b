package import Logging
package import Postgres
package import Upkeep

extension Delivery {
    /// Forgets, every hour, the events, deliveries and mail of more than 30 days ago.
    package func eventCleaning(logger: Logger) -> RecurringWork {
        RecurringWork("forgetting of old events", every: .seconds(3_600), level: .debug, logger: logger) { try await forgetOldEvents() }
    }

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
