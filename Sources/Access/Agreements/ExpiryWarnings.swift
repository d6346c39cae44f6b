package import Logging
package import Postgres
import ServiceLifecycle

/// Tells, once each and by the database's clock, of the memberships and agreements that are about to end without being followed.
///
/// What was told stands in the database, so several instances share the work and none tells twice.
package struct ExpiryWarnings: Service {
    private let access: Access
    private let leadDays: Int32
    private let interval: Duration
    private let logger: Logger

    /// - Parameter leadDays: how many days before the last one.
    package init(access: Access, leadDays: Int, interval: Duration = .seconds(900), logger: Logger) {
        self.access = access
        self.leadDays = Int32(clamping: leadDays)
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
            let told = try await access.warnOfExpiry(leadDays: leadDays)
            if told > 0 { logger.info("Ends of memberships and agreements told", metadata: ["count": "\(told)"]) }
        } catch {
            logger.warning("Ends of memberships and agreements could not be told", metadata: ["error": "\(error)"])
        }
    }
}

extension Access {
    /// - Returns: how many memberships and agreements were told of.
    package func warnOfExpiry(leadDays: Int32, batch: Int32 = 200) async throws(PostgresError) -> Int {
        var count = 0
        var told = batch
        while !Task.isCancelled, told == batch {
            told = try await database.one(SQL.WarnOfExpiry(leadDays: leadDays, batch: batch)).told
            count += Int(told)
        }
        return count
    }
}
