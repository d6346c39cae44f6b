package import Logging
package import Postgres
import ServiceLifecycle

/// Ends what has lapsed, and offers room that appeared to those who wait for it.
///
/// What has lapsed takes no room for whoever asks, cleared away or not; several instances share the work.
package struct BookingUpkeep: Service {
    private let bookings: Bookings
    private let interval: Duration
    private let logger: Logger

    package init(bookings: Bookings, interval: Duration = .seconds(1), logger: Logger) {
        self.bookings = bookings
        self.interval = interval
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await attempt()
                try? await Task.sleep(for: interval)
            }
        }
    }

    /// A failure waits for the next turn: nothing is lost.
    private func attempt() async {
        do {
            let (ended, offered) = try await bookings.keepUp()
            if ended + offered > 0 {
                logger.info("Bookings kept up", metadata: ["ended": "\(ended)", "offered": "\(offered)"])
            }
        } catch {
            logger.warning("Bookings could not be kept up", metadata: ["error": "\(error)"])
        }
    }
}

extension Bookings {
    /// Ends everything that has lapsed, then goes through the waiting list wherever room appeared, an offer a transaction.
    /// - Returns: how many bookings ended, and how many were offered room.
    package func keepUp(batch: Int32 = 200) async throws(PostgresError) -> (ended: Int, offered: Int) {
        var ended = 0
        var last = batch
        while !Task.isCancelled, last >= batch {
            last = try await database.one(SQL.Sweep(batch: batch)).ended
            ended += Int(last)
        }
        var offered = 0
        while !Task.isCancelled, let step = try await database.one(SQL.PromoteNext()).step {
            if step == "offered" { offered += 1 }
        }
        return (ended, offered)
    }
}
