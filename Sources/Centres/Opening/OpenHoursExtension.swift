import Access
import Kernel
package import Logging
import Postgres
package import Upkeep

extension Centres {
    /// Keeps the open hours of every calendar compiled far enough ahead: looks once a week, and at start.
    ///
    /// After a failure soon again: the margin is weeks, but a new installation has nothing compiled yet.
    package func openHoursExtension(logger: Logger) -> RecurringWork {
        RecurringWork("extension of open hours", every: .seconds(7 * 86_400), afterFailure: .seconds(300), logger: logger) {
            try await extendOpenHours()
        }
    }

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
