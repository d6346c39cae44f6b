package import Logging
package import Postgres
package import Upkeep

extension Attestations {
    /// Finishes what a recording or a withdrawal left undone when its server stopped, and tells, once each, of attestations that are about
    /// to end.
    package func upkeep(logger: Logger) -> RecurringWork {
        RecurringWork("attestations", every: .seconds(60), logger: logger) {
            try await review()
            return try await warnOfEnds()
        }
    }

    /// Looks again at the bookings to come that name the holders of what was recorded or withdrawn.
    package func review(batch: Int32 = 20) async throws(PostgresError) {
        _ = try await inBatches(of: batch) { () async throws(PostgresError) in
            try await database.one(SQL.ReviewProofs(batch: batch)).reviewed
        }
    }

    /// - Returns: how many attestations were told of.
    package func warnOfEnds(batch: Int32 = 200) async throws(PostgresError) -> Int {
        try await inBatches(of: batch) { () async throws(PostgresError) in try await database.one(SQL.WarnOfEnds(batch: batch)).told }
    }
}
