package import Logging
package import Postgres
package import Upkeep

extension Utilisation {
    /// Tells, once for an asset and a calendar year and by the database's clock, that economic use has passed its limit.
    package func economicUseWarnings(logger: Logger) -> RecurringWork {
        RecurringWork("warnings of economic use", every: .seconds(900), logger: logger) {
            try await warnOfEconomicUse()
        }
    }

    /// - Returns: how many assets were told of.
    package func warnOfEconomicUse(batch: Int32 = 200) async throws(PostgresError) -> Int {
        var count = 0
        var told = batch
        while !Task.isCancelled, told == batch {
            told = try await database.one(SQL.WarnOfEconomicUse(limitPercent: economicLimitPercent, batch: batch)).told
            count += Int(told)
        }
        return count
    }
}
