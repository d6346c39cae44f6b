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
    /// Applies every effect that is planned, everything that is due and what became certain with the days, a transaction a batch.
    /// - Returns: how many bookings were looked at or settled.
    package func followLabels(batch: Int32 = 200) async throws(PostgresError) -> Int {
        var count = 0
        while !Task.isCancelled {
            let started = ContinuousClock.now
            guard let applied = try await database.one(SQL.ContinueLabelChange(batch: batch)).applied else { break }
            count += Int(applied)
            // As long a pause as the work took: bookings elsewhere go on meanwhile.
            if applied == batch { try? await Task.sleep(for: started.duration(to: .now)) }
        }
        var due = batch
        while !Task.isCancelled, due == batch {
            due = try await database.one(SQL.ReleaseDue(batch: batch)).lookedAt
            count += Int(due)
        }
        while !Task.isCancelled, let settled = try await database.one(SQL.JudgeByTime(batch: batch)).settled {
            count += Int(settled)
        }
        return count
    }
}
