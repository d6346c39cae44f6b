import Access
package import Logging
package import Postgres
package import Upkeep

extension Utilisation {
    /// Adds what bookings changed to the totals, and seals reports anew that a label decision changed; a read counts the rest meanwhile.
    ///
    /// Not at once: what many bookings add to the same day, month and year is written once for all of them.
    package func upkeep(logger: Logger) -> RecurringWork {
        RecurringWork("totals and sealed reports", every: .seconds(5), level: .debug, logger: logger) {
            try await foldTotals() + sealAnew()
        }
    }

    /// Folds everything at once, without leaving time to others: after a bulk load, before anybody is served.
    ///
    /// Several sessions share the centres.
    /// - Parameter session: of the owner.
    package static func addUp(in session: PostgresSession) async throws {
        while try await session.query(SQL.FoldTotals(batch: 4_000, until: nil)).contains(where: { $0.folded > 0 }) {}
    }

    /// Folds what is marked by now, a transaction a batch.
    /// - Returns: how many marks were settled.
    package func foldTotals(batch: Int32 = 250) async throws(PostgresError) -> Int {
        let until = try await database.one(SQL.LastMark()).mark
        var count = 0
        while !Task.isCancelled {
            let started = ContinuousClock.now
            let folded = try await database.one(SQL.FoldTotals(batch: batch, until: until)).folded
            guard folded > 0 else { break }
            count += Int(folded)
            // Bookings go first: this is never at work for more than a fifth of the time.
            try? await Task.sleep(for: started.duration(to: .now) * 4)
        }
        return count
    }

    /// Looks at every sealed report that a label decision may have changed.
    /// - Returns: how many got a new version.
    package func sealAnew() async throws(PostgresError) -> Int {
        var sealed = 0
        while !Task.isCancelled, let centre = try await database.one(SQL.StaleCentre()).centreNumber {
            guard let outcome = try await database.one(SQL.ResealReport(id: identifiers.make(centre: centre))).outcome else { break }
            if outcome == "sealed" { sealed += 1 }
        }
        return sealed
    }
}
