import Access
package import Logging
package import Postgres
import ServiceLifecycle

/// Adds what bookings changed to the totals, and seals reports anew that a label decision changed.
///
/// What is still to be done stands in the database: several instances share it, and a read counts it meanwhile.
package struct TotalsFolding: Service {
    private let utilisation: Utilisation
    private let interval: Duration
    private let logger: Logger

    package init(utilisation: Utilisation, interval: Duration = .seconds(1), logger: Logger) {
        self.utilisation = utilisation
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
            _ = try await utilisation.foldTotals()
            let sealed = try await utilisation.sealAnew()
            if sealed > 0 { logger.info("Reports sealed anew after a label decision", metadata: ["count": "\(sealed)"]) }
        } catch {
            logger.warning("Totals could not be brought up to date", metadata: ["error": "\(error)"])
        }
    }
}

extension Utilisation {
    /// Folds everything at once, without leaving time to others: after a bulk load, before anybody is served.
    ///
    /// Several sessions share the centres.
    /// - Parameter session: of the owner.
    package static func addUp(in session: PostgresSession) async throws {
        while try await session.query(SQL.FoldTotals(batch: 4_000)).contains(where: { $0.folded > 0 }) {}
    }

    /// Folds until nothing is left, a transaction a batch.
    /// - Returns: how many marks were settled.
    package func foldTotals(batch: Int32 = 200) async throws(PostgresError) -> Int {
        var count = 0
        while !Task.isCancelled {
            let started = ContinuousClock.now
            let folded = try await database.one(SQL.FoldTotals(batch: batch)).folded
            guard folded > 0 else { break }
            count += Int(folded)
            // As long a pause as the work took: bookings go on meanwhile.
            if folded == batch { try? await Task.sleep(for: started.duration(to: .now)) }
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
