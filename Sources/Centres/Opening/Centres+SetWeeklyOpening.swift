import Access
import HTTPEdge
package import Hummingbird
import Kernel
import Postgres

extension Centres {
    /// Days that a first opening may reach back: what a newcomer to the network brings along.
    static let longestReachBack = 366

    /// `PUT /v1/sites/{siteId}/weekly-opening`.
    func setWeeklyOpening(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id = try context.path("siteId", SiteID.self)
        try context.principal.require(.centreManager, at: id.centreColumn)
        let ifMatch = try IfMatch(requiredBy: request)
        let isDryRun = try request.isDryRun
        let body = try await request.body(WeeklyOpeningSubmission.self, in: context)
        let (site, change) = try await changeOpening(at: id.centreColumn, isDryRun: isDryRun) { transaction in
            try await setWeeklyOpening(of: id, body, ifMatch: ifMatch, in: transaction)
        }
        return .changed(site, change)
    }

    /// Replaces the weekly opening from a day on and recompiles the open hours; days before it keep theirs.
    func setWeeklyOpening(
        of id: SiteID, _ week: WeeklyOpeningSubmission, ifMatch: IfMatch, in transaction: borrowing PostgresTransaction
    ) async throws -> (answer: Site, days: Set<LocalDay>) {
        _ = try await transaction.execute(SQL.LockOpening(centreNumber: id.centreColumn))
        let site = try await site(id, in: transaction)
        try ifMatch.check(version: Int64(site.version))
        guard let zone = Zone(site.zone) else { throw CentresRefusal.zoneUnknown }
        let today = today(in: zone)
        // The first opening of a site may reach back: it changes nothing that was so far.
        let earliest = earliestOpening(today: today, isFirst: site.weeklyOpening.isEmpty)
        guard week.from >= earliest else { throw CentresRefusal.openingInThePast(today: earliest) }
        let statement = SQL.SetWeeklyOpening(
            centreNumber: site.centreNumber, siteId: id, fromDay: week.from, weekdays: week.hours.map { Int16($0.weekday) },
            opensMinutes: week.hours.map(\.opens.minute), closesMinutes: week.hours.map(\.closes.minute), version: site.version)
        guard try await transaction.first(statement) != nil else { throw CentresRefusal.versionPassed(current: site.version) }
        let days = try await recompile(CalendarID(id.rawValue), of: site.centreNumber, from: week.from, in: transaction)
        return (try await self.site(id, in: transaction), days)
    }
}

extension Request {
    /// The `dryRun` of a change that can be tried.
    package var isDryRun: Bool {
        get throws(Problem) {
            var query = QueryReader(self)
            let isDryRun: Bool = query.optional("dryRun") ?? false
            try query.finish()
            return isDryRun
        }
    }
}

extension Response {
    /// The site as it is now, or would be, and what that changes.
    static func changed(_ site: Site, _ change: OpeningChange) -> Response {
        .json(eTag: change.isDryRun ? nil : site.eTag) { json in
            site.writeMembers(to: &json)
            json.member("change", change)
        }
    }
}
