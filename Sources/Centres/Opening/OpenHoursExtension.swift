import Access
import Kernel
package import Logging
import Postgres
import ServiceLifecycle

/// Keeps the open hours of every calendar compiled far enough ahead: looks once a week, and at start.
package struct OpenHoursExtension: Service {
    private let centres: Centres
    private let interval: Duration
    private let logger: Logger

    package init(centres: Centres, interval: Duration = .seconds(7 * 86_400), logger: Logger) {
        self.centres = centres
        self.interval = interval
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let failed = await extend()
                // After a failure soon again: the margin is weeks, but a new installation has nothing compiled yet.
                try? await Task.sleep(for: failed ? min(interval, .seconds(300)) : interval)
            }
        }
    }

    /// - Returns: whether something is left to do.
    private func extend() async -> Bool {
        do {
            let count = try await centres.extendOpenHours()
            logger.info("Open hours extended", metadata: ["calendars": "\(count)"])
            return false
        } catch {
            logger.warning("Open hours could not be extended", metadata: ["error": "\(error)"])
            return true
        }
    }
}

extension Centres {
    /// Compiles what is missing up to the horizon, a transaction a calendar.
    ///
    /// - Returns: how many calendars were extended.
    package func extendOpenHours() async throws -> Int {
        // Which day it is differs by zone; the margin is wide enough for a day more or less.
        let today = LocalDay(daysSince1970: Int32(identifiers.clock.now().microsecondsSince1970 / 86_400_000_000))
        let calendars = try await database.all(SQL.CalendarsToCompile(untilDay: horizon.least(from: today)))
        for row in calendars {
            _ = try await database.transaction { transaction in
                try await recompile(
                    row.calendarId, of: row.centreNumber, from: row.compiledUntil?.adding(days: 1) ?? today, in: transaction)
            }
        }
        return calendars.count
    }
}
