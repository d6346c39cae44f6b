package import Logging
package import Postgres
import ServiceLifecycle

/// Carries out what changes of labels mean for bookings, where it is too much for the change's own transaction, and what falls due.
///
/// Everything it needs to know stands in the database, so it goes on where another one stopped, and several instances share the work.
package struct LabelFollowUp: Service {
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
            let applied = try await bookings.followLabels()
            if applied > 0 { logger.info("Label effects applied", metadata: ["count": "\(applied)"]) }
        } catch {
            logger.warning("Label effects could not be applied", metadata: ["error": "\(error)"])
        }
    }
}

extension Bookings {
    /// Applies every effect that is planned and everything that is due, a transaction a batch.
    /// - Returns: how many bookings were looked at.
    package func followLabels(batch: Int32 = 200) async throws(PostgresError) -> Int {
        var count = 0
        while !Task.isCancelled, let applied = try await database.one(SQL.ContinueLabelChange(batch: batch)).applied {
            count += Int(applied)
        }
        var due = batch
        while !Task.isCancelled, due == batch {
            due = try await database.one(SQL.ReleaseDue(batch: batch)).lookedAt
            count += Int(due)
        }
        return count
    }
}
