package import Logging
package import Postgres
package import Upkeep

extension Maintenance {
    /// Tells, once each and by the database's clock, of what is to come back soon, of what did not come back, and of what is to be done;
    /// makes the site at which a journey has ended the place of its asset.
    package func upkeep(logger: Logger) -> RecurringWork {
        RecurringWork("equipment that is away", every: .seconds(60), logger: logger) {
            let arrived = try await carryOutTransfers()
            let told = try await warnOfCustodies()
            let due = try await warnOfPlans()
            return arrived + told + due
        }
    }

    /// - Returns: how many custodies were told of.
    package func warnOfCustodies(batch: Int32 = 200) async throws(PostgresError) -> Int {
        try await inBatches(of: batch) { () async throws(PostgresError) in
            try await database.one(SQL.WarnOfCustodies(leadHours: away.reminderHours, batch: batch)).told
        }
    }

    /// How long before its day a plan is told of.
    private static let planLeadDays: Int32 = 30

    /// - Returns: how many plans were told of.
    package func warnOfPlans(batch: Int32 = 200) async throws(PostgresError) -> Int {
        try await inBatches(of: batch) { () async throws(PostgresError) in
            try await database.one(SQL.WarnOfPlans(leadDays: Self.planLeadDays, batch: batch)).told
        }
    }

    /// - Returns: how many journeys have ended.
    package func carryOutTransfers(batch: Int32 = 200) async throws(PostgresError) -> Int {
        try await inBatches(of: batch) { () async throws(PostgresError) in
            try await database.one(SQL.CarryOutTransfers(batch: batch)).arrived
        }
    }
}
