package import Logging
package import Postgres
package import Upkeep

extension Access {
    /// Forgets the kept answers that no retry may ask for any more, once a day.
    package func answerCleaning(logger: Logger) -> RecurringWork {
        RecurringWork("forgetting of old answers", every: .seconds(86_400), level: .debug, logger: logger) {
            try await forgetOldAnswers()
        }
    }

    /// - Returns: how many answers were forgotten.
    package func forgetOldAnswers() async throws(PostgresError) -> Int {
        Int(try await database.one(SQL.ForgetOldAnswers()).removed)
    }
}
