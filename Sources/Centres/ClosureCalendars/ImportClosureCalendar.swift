import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres
import Recurrence

extension Centres {
    /// Nobody can book beyond: the longest horizon of a resource.
    private static let closedAhead = 1_100

    /// `POST /v1/centres/{centreId}/closure-calendar-imports`: the `UID` says which closure is meant; what a calendar no longer says of it
    /// is open again, and with `complete` so is what it no longer names.
    func importClosureCalendar(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id = try context.path("centreId", CentreID.self)
        try context.principal.require(.centreManager, at: id.centreColumn)
        var query = QueryReader(request)
        let siteID: SiteID? = query.optional("siteId")
        let isComplete: Bool? = query.optional("complete")
        let order = try await ImportOrder(request, of: CalendarFile.mediaType, reading: &query, in: context)
        let centre = try await centre(id, visibleTo: context.principal)
        let zone = try await zone(of: siteID, at: centre)
        // Before anything is locked: it may take a while.
        let today = today(in: zone)
        let calendar = ClosureCalendar(
            try CalendarFile.calendars(in: order.bytes), in: zone, on: today...today.adding(days: Self.closedAhead))
        return try await access.idempotency.perform(order, in: context) { transaction in
            _ = try await transaction.execute(SQL.LockOpening(centreNumber: centre.number))
            let closed = try await closed(at: centre.number, siteID, from: today, in: transaction)
            let changes = ClosureChanges(from: closed, to: calendar, isComplete: isComplete ?? false)
            let days = try await put(changes, at: centre.number, siteID, from: today, in: transaction)
            let change = try await consequences(of: days, at: centre.number, isDryRun: order.isDryRun, in: transaction)
            return ImportReport(
                order, faults: calendar.faults.map(\.fault), components: changes.lines, unnamed: changes.unnamed.count,
                consequences: change)
        }
    }

    /// Of a site of the centre, or without one of the centre itself.
    private func zone(of site: SiteID?, at centre: Centre) async throws -> Zone {
        var identifier = centre.zone
        if let site {
            guard let found = try await database.first(SQL.FindSite(id: site)), found.centreNumber == centre.number else {
                throw CentresRefusal.siteUnknown
            }
            identifier = found.zone
        }
        guard let zone = Zone(identifier) else { throw CentresRefusal.zoneUnknown }
        return zone
    }

    /// What calendars closed so far, by the UID, at a site or, without one, at the centre.
    private func closed(
        at centreNumber: Int16, _ site: SiteID?, from today: LocalDay, in transaction: borrowing PostgresTransaction
    ) async throws(PostgresError) -> [String: [SQL.ListClosings.Row]] {
        let rows = try await transaction.all(
            SQL.ListClosings(
                centreNumber: centreNumber, siteId: site.map { CalendarID($0.rawValue) }, firstDay: today, lastDay: .distantFuture))
        return Dictionary(grouping: rows.filter { $0.isOfSite == (site != nil) }, by: \.uid)
    }

    /// - Returns: the days on which some place is now open otherwise.
    private func put(
        _ changes: ClosureChanges, at centreNumber: Int16, _ site: SiteID?, from today: LocalDay,
        in transaction: borrowing PostgresTransaction
    ) async throws(PostgresError) -> Set<LocalDay> {
        guard let first = changes.days.min(), let last = changes.days.max() else { return [] }
        let parts = changes.series.flatMap { series in series.closings.map { (series: series, closing: $0) } }
        _ = try await transaction.execute(
            SQL.PutClosings(
                centreNumber: centreNumber, siteId: site, uids: changes.uids, firstDay: today, uid: parts.map(\.series.uid),
                days: parts.map(\.closing.day), starts: parts.map(\.closing.starts), ends: parts.map(\.closing.ends),
                reasons: parts.map(\.series.reason)))
        guard let site else { return try await recompileSites(of: centreNumber, from: first, to: last, in: transaction) }
        return try await recompile(CalendarID(site.rawValue), of: centreNumber, from: first, to: last, in: transaction)
    }
}

extension Closing {
    init(_ row: SQL.ListClosings.Row) {
        self.init(day: row.day, starts: Int32(row.starts), ends: Int32(row.ends))
    }

    /// As hours of its day.
    var span: LocalSpan? {
        guard let starts = LocalTime(minute: starts), let ends = LocalTime(minute: ends) else { return nil }
        return LocalSpan(opens: starts, closes: ends)
    }
}
