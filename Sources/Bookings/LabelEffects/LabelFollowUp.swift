package import Logging
package import Postgres
package import Upkeep

extension Bookings {
    /// Carries out what changes of labels mean for bookings, where it is too much for the change's own transaction, and what falls due.
    package func labelFollowUp(logger: Logger) -> RecurringWork {
        RecurringWork("label effects", every: .seconds(1), logger: logger) { try await followLabels() }
    }

    /// Applies every effect that is planned, everything that is due and what became certain with the days, a transaction a batch.
    /// - Returns: how many bookings were looked at or settled.
    package func followLabels(batch: Int32 = 100) async throws(PostgresError) -> Int {
        var count = 0
        while !Task.isCancelled {
            let started = ContinuousClock.now
            guard let applied = try await database.one(SQL.ContinueLabelChange(batch: batch)).applied else { break }
            count += Int(applied)
            // It takes one processor of the database's. The pause lets those come first who wait for its locks or its log.
            if applied == batch { try? await Task.sleep(for: started.duration(to: .now) / 4) }
        }
        count += try await inBatches(of: batch) { () async throws(PostgresError) in
            try await database.one(SQL.ReleaseDue(batch: batch)).lookedAt
        }
        while !Task.isCancelled, let settled = try await database.one(SQL.JudgeByTime(batch: batch)).settled {
            count += Int(settled)
        }
        return count
    }
}
