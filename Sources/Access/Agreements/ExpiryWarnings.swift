package import Logging
package import Postgres
package import Upkeep

extension Access {
    /// Tells, once each and by the database's clock, of the memberships and agreements that are about to end without being followed.
    ///
    /// - Parameter leadDays: how many days before the last one.
    package func expiryWarnings(leadDays: Int, logger: Logger) -> RecurringWork {
        RecurringWork("warnings of ends of memberships and agreements", every: .seconds(900), logger: logger) {
            try await warnOfExpiry(leadDays: Int32(clamping: leadDays))
        }
    }

    /// - Returns: how many memberships and agreements were told of.
    package func warnOfExpiry(leadDays: Int32, batch: Int32 = 200) async throws(PostgresError) -> Int {
        try await inBatches(of: batch) { () async throws(PostgresError) in
            try await database.one(SQL.WarnOfExpiry(leadDays: leadDays, batch: batch)).told
        }
    }
}
