package import Logging
package import Postgres
package import Upkeep

extension Bookings {
    /// Ends what has lapsed, and offers room that appeared to those who wait for it.
    ///
    /// What has lapsed takes no room for whoever asks, cleared away or not.
    package func upkeep(logger: Logger) -> RecurringWork {
        RecurringWork("lapsed bookings and the waiting list", every: .seconds(1), logger: logger) {
            let (ended, offered) = try await keepUp()
            return ended + offered
        }
    }

    /// Ends everything that has lapsed, then goes through the waiting list wherever room appeared, an offer a transaction.
    /// - Returns: how many bookings ended, and how many were offered room.
    package func keepUp(batch: Int32 = 200) async throws(PostgresError) -> (ended: Int, offered: Int) {
        let ended = try await inBatches(of: batch) { () async throws(PostgresError) in
            try await database.one(SQL.Sweep(batch: batch)).ended
        }
        return (ended, try await offerRoom(most: .max, waits: false))
    }

    /// Goes through the waiting list wherever room appeared, an entry a transaction.
    /// - Parameters:
    ///   - most: so many entries; the rest of the list stays to be gone through.
    ///   - waits: also where another instance is at it; otherwise that is left to it.
    /// - Returns: how many were offered room.
    package func offerRoom(most: Int, waits: Bool) async throws(PostgresError) -> Int {
        var (asked, offered) = (0, 0)
        while asked < most, !Task.isCancelled, let step = try await database.one(SQL.PromoteNext(waits: waits)).step {
            asked += 1
            if step == "offered" { offered += 1 }
        }
        return offered
    }
}
