import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Centres {
    /// Days that a first opening may reach back: what a newcomer to the network brings along.
    private static let longestReachBack = 366

    func setWeeklyOpening(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id = try context.path("siteId", SiteID.self)
        try context.principal.require(.centreManager, at: id.centreColumn)
        let ifMatch = try IfMatch(requiredBy: request)
        let body = try await request.body(WeeklyOpeningSubmission.self, in: context)
        let site = try await database.transaction { transaction in
            try await setWeeklyOpening(of: id, body, ifMatch: ifMatch, in: transaction)
        }
        return .json(eTag: site.eTag) { json in site.writeMembers(to: &json) }
    }

    /// Replaces the weekly opening from a day on and recompiles the open hours; days before it keep theirs.
    func setWeeklyOpening(
        of id: SiteID, _ week: WeeklyOpeningSubmission, ifMatch: IfMatch, in transaction: borrowing PostgresTransaction
    ) async throws -> Site {
        _ = try await transaction.execute(SQL.LockOpening(centreNumber: id.centreColumn))
        let site = try await site(id, in: transaction)
        try ifMatch.check(version: Int64(site.version))
        guard let zone = Zone(site.zone) else { throw CentresRefusal.zoneUnknown }
        let today = today(in: zone)
        // The first opening of a site may reach back: it changes nothing that was so far.
        let earliest = site.weeklyOpening.isEmpty ? today.adding(days: -Self.longestReachBack) : today
        guard week.from >= earliest else { throw CentresRefusal.openingInThePast(today: earliest) }
        let statement = SQL.SetWeeklyOpening(
            centreNumber: site.centreNumber, siteId: id, fromDay: week.from, weekdays: week.hours.map { Int16($0.weekday) },
            opensMinutes: week.hours.map(\.opens.minute), closesMinutes: week.hours.map(\.closes.minute), version: site.version)
        guard try await transaction.first(statement) != nil else { throw CentresRefusal.versionPassed(current: site.version) }
        try await recompile(CompiledSite(centreNumber: site.centreNumber, id: id, zone: zone), from: week.from, today, in: transaction)
        return try await self.site(id, in: transaction)
    }

    /// From a day on, and without leaving a hole behind what was compiled so far.
    private func recompile(
        _ site: CompiledSite, from day: LocalDay, _ today: LocalDay, in transaction: borrowing PostgresTransaction
    ) async throws(PostgresError) {
        let compiled = try await transaction.all(SQL.CompiledSites(centreNumber: site.centreNumber)).first { $0.siteId == site.id }
        let first = compiled.map { min(day, $0.compiledUntil.adding(days: 1)) } ?? min(day, today)
        let last = max(horizon.end(from: today), compiled?.compiledUntil ?? first)
        guard first <= last else { return }
        try await compileOpenHours(of: site, first...last, in: transaction)
    }
}
