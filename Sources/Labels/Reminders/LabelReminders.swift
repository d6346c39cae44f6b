package import Logging
package import Postgres
package import Upkeep

extension Labels {
    /// Announces the ends of labels some months before, as the policy says, by the database's clock.
    ///
    /// What was announced stands in the database, so that nothing is announced twice: neither after a restart nor by several instances.
    package func reminders(logger: Logger) -> RecurringWork {
        RecurringWork("reminders of the ends of labels", every: .seconds(3_600), logger: logger) { try await sendReminders() }
    }

    /// - Returns: how many reminders were sent.
    package func sendReminders() async throws(PostgresError) -> Int {
        Int(try await database.one(SQL.SendReminders()).sent)
    }
}
