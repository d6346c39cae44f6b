package import Logging
package import Postgres
import ServiceLifecycle

/// Tells of attestations that are about to end, and finishes what a recording or a withdrawal left undone when its server stopped.
///
/// What was told stands in the database, so several instances share the work and none tells twice.
package struct AttestationUpkeep: Service {
    private let attestations: Attestations
    private let interval: Duration
    private let logger: Logger

    package init(attestations: Attestations, interval: Duration = .seconds(60), logger: Logger) {
        self.attestations = attestations
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

    /// A failure waits for the next turn.
    private func attempt() async {
        do {
            try await attestations.review()
            let told = try await attestations.warnOfEnds()
            if told > 0 { logger.info("Ends of attestations told", metadata: ["count": "\(told)"]) }
        } catch {
            logger.warning("Attestations could not be kept up", metadata: ["error": "\(error)"])
        }
    }
}

extension Attestations {
    /// Looks again at the bookings to come that name the holders of what was recorded or withdrawn.
    package func review(batch: Int32 = 20) async throws(PostgresError) {
        var reviewed = batch
        while !Task.isCancelled, reviewed == batch {
            reviewed = try await database.one(SQL.ReviewProofs(batch: batch)).reviewed
        }
    }

    /// - Returns: how many attestations were told of.
    package func warnOfEnds(batch: Int32 = 200) async throws(PostgresError) -> Int {
        var count = 0
        var told = batch
        while !Task.isCancelled, told == batch {
            told = try await database.one(SQL.WarnOfEnds(batch: batch)).told
            count += Int(told)
        }
        return count
    }
}
