import Access
import Kernel
import Postgres

/// The site whose open hours are compiled.
struct CompiledSite: Hashable, Sendable {
    let centreNumber: Int16
    let id: SiteID
    let zone: Zone
}

extension Centres {
    /// Recomputes the open hours of a site for a range of days, from the rules and closed days that stand in this transaction.
    ///
    /// The public holidays of the range are closed days from now on, if they were not yet.
    func compileOpenHours(
        of site: CompiledSite, _ days: ClosedRange<LocalDay>, in transaction: borrowing PostgresTransaction
    ) async throws(PostgresError) {
        // First: what is read below must not change before it is written.
        _ = try await transaction.execute(SQL.LockOpening(centreNumber: site.centreNumber))
        try await closeHolidays(of: site.centreNumber, days, in: transaction)
        let rules = try await transaction.all(SQL.ListWeeklyOpening(centreNumber: site.centreNumber, siteIds: [site.id]))
        let closed = try await transaction.all(
            SQL.ListClosedDays(centreNumber: site.centreNumber, firstDay: days.lowerBound, lastDay: days.upperBound))
        let compiler = OpenHoursCompiler(
            rules: rules.compactMap(OpeningRule.init), closedDays: Set(closed.map(\.day)), zone: site.zone)
        let open = compiler.compile(days).flatMap { day in day.periods.map { (day: day.day, period: $0) } }
        _ = try await transaction.execute(
            SQL.PutOpenHours(
                centreNumber: site.centreNumber, siteId: site.id, firstDay: days.lowerBound, lastDay: days.upperBound,
                days: open.map(\.day), opens: open.map(\.period.start), closes: open.map(\.period.end)))
    }

    /// Adds the public holidays of a range to a centre's closed days; a day that is closed already keeps its reason.
    func closeHolidays(
        of centreNumber: Int16, _ days: ClosedRange<LocalDay>, in transaction: borrowing PostgresTransaction
    ) async throws(PostgresError) {
        let holidays = BelgianHolidays.all(in: days)
        guard !holidays.isEmpty else { return }
        _ = try await transaction.execute(
            SQL.SetClosedDays(centreNumber: centreNumber, days: holidays.map(\.day), reasons: holidays.map(\.key)))
    }

    func today(in zone: Zone) -> LocalDay {
        zone.day(of: identifiers.clock.now())
    }
}
