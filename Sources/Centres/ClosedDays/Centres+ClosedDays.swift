import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Centres {
    func listClosedDays(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centre = try await centre(try context.path("centreId"), visibleTo: context.principal)
        var query = QueryReader(request)
        let days = DaySpan(reading: &query, limit: 1_100)
        let page = try query.page(of: "listClosedDays \(centre.id)", signer: signer)
        guard let days else { throw Problem.requestInvalid([]) }
        let after: LocalDay? = try page.after(0)
        let first = after.map { max(days.from, $0.adding(days: 1)) } ?? days.from
        // At most one row a day, so that the span bounds what is read.
        let rows = try await database.all(SQL.ListClosedDays(centreNumber: centre.number, firstDay: first, lastDay: days.to))
        let closed = rows.prefix(page.limit).map(ClosedDay.init)
        return .list(page, closed, keys: { [$0.day.description] }) { $0.write(to: &$1) }
    }

    func addClosedDays(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id = try context.path("centreId", CentreID.self)
        try context.principal.require(.centreManager, at: id.centreColumn)
        let isDryRun = try request.isDryRun
        let body = try await request.body(ClosedDaysSubmission.self, in: context)
        let centre = try await centre(id, visibleTo: context.principal)
        let (stored, change) = try await changeOpening(at: centre.number, isDryRun: isDryRun) { transaction in
            try await close(body.days, of: centre, in: transaction)
        }
        return .json { json in
            json.array("items", stored)
            json.member("change", change)
        }
    }

    /// Closes a centre on some days and recompiles its sites; a day that was closed already keeps its reason.
    ///
    /// - Returns: those days as they now stand, and the days on which hours differ.
    private func close(
        _ days: [ClosedDay], of centre: Centre, in transaction: borrowing PostgresTransaction
    ) async throws -> (answer: [ClosedDay], days: Set<LocalDay>) {
        guard let zone = Zone(centre.zone) else { throw CentresRefusal.zoneUnknown }
        let today = today(in: zone)
        if let index = days.firstIndex(where: { $0.day < today }) {
            throw CentresRefusal.closedInThePast(index: index, today: today)
        }
        _ = try await transaction.execute(
            SQL.SetClosedDays(centreNumber: centre.number, days: days.map(\.day), reasons: days.map(\.reason)))
        let asked = Set(days.map(\.day))
        guard let first = asked.min(), let last = asked.max() else { return ([], []) }
        let changed = try await recompileSites(of: centre.number, from: first, to: last, in: transaction)
        let stored = try await transaction.all(SQL.ListClosedDays(centreNumber: centre.number, firstDay: first, lastDay: last))
        return (stored.map(ClosedDay.init).filter { asked.contains($0.day) }, changed)
    }

    /// Recomputes the open hours of every calendar of a centre on some days.
    ///
    /// - Returns: the days on which some of them is now open otherwise.
    func recompileSites(
        of centreNumber: Int16, from first: LocalDay, to last: LocalDay, in transaction: borrowing PostgresTransaction
    ) async throws(PostgresError) -> Set<LocalDay> {
        var changed: Set<LocalDay> = []
        let tree = CalendarTree(try await transaction.all(SQL.ListCalendars(centreNumber: centreNumber)))
        for site in tree.entries.values.filter({ $0.parent == nil }).map(\.id).sorted() {
            changed.formUnion(try await recompile(site, of: centreNumber, from: first, to: last, in: transaction))
        }
        return changed
    }
}
