import Access
import HTTPEdge
import Hummingbird
package import Kernel
import Postgres

extension Centres {
    /// - Throws: ``CentresRefusal/siteUnknown``.
    package func site(_ id: SiteID) async throws -> Site {
        guard let row = try await database.first(SQL.FindSite(id: id)) else { throw CentresRefusal.siteUnknown }
        let rules = try await database.all(SQL.ListWeeklyOpening(centreNumber: row.centreNumber, calendarIds: [CalendarID(id.rawValue)]))
        let municipality = try await municipalities(of: row.hasMunicipality ? [id] : [], at: row.centreNumber)[id]
        return Site(row, in: municipality, opening: rules.compactMap(OpeningRule.init))
    }

    func site(_ id: SiteID, in transaction: borrowing PostgresTransaction) async throws -> Site {
        guard let row = try await transaction.first(SQL.FindSite(id: id)) else { throw CentresRefusal.siteUnknown }
        let rules = try await transaction.all(SQL.ListWeeklyOpening(centreNumber: row.centreNumber, calendarIds: [CalendarID(id.rawValue)]))
        let municipality = try await row.hasMunicipality ? municipality(of: id, in: transaction) : nil
        return Site(row, in: municipality, opening: rules.compactMap(OpeningRule.init))
    }

    func municipality(of id: SiteID, in transaction: borrowing PostgresTransaction) async throws(PostgresError) -> SiteMunicipality? {
        SiteMunicipality(try await transaction.all(SQL.ListSiteMunicipalities(centreNumber: id.centreColumn, siteIds: [id])))
    }

    private func municipalities(of ids: [SiteID], at number: Int16) async throws(PostgresError) -> [SiteID: SiteMunicipality] {
        guard !ids.isEmpty else { return [:] }
        let rows = try await database.all(SQL.ListSiteMunicipalities(centreNumber: number, siteIds: ids))
        return Dictionary(grouping: rows, by: \.siteId).compactMapValues { SiteMunicipality($0) }
    }

    /// Whole where it names a municipality: what that is today changes with the lists, without a new version of the site.
    func getSite(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let site = try await site(try context.path("siteId"))
        if site.municipality == nil, request.alreadyHas(site.eTag) { return .empty(.notModified, eTag: site.eTag) }
        return .json(eTag: site.eTag) { json in site.writeMembers(to: &json) }
    }

    func listSites(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centre = try await centre(try context.path("centreId"), visibleTo: context.principal)
        var query = QueryReader(request)
        let page = try query.page(of: "listSites \(centre.id)", signer: signer)
        let rows = try await database.all(
            SQL.ListSites(centreNumber: centre.number, after: try page.after(0), rowLimit: Int32(page.limit)))
        let rules = try await database.all(
            SQL.ListWeeklyOpening(centreNumber: centre.number, calendarIds: rows.map { CalendarID($0.id.rawValue) }))
        let opening = Dictionary(grouping: rules, by: \.calendarId).mapValues { $0.compactMap(OpeningRule.init) }
        let municipalities = try await municipalities(of: rows.filter(\.hasMunicipality).map(\.id), at: centre.number)
        let sites = rows.map {
            Site($0, of: centre, in: municipalities[$0.id], opening: opening[CalendarID($0.id.rawValue)] ?? [])
        }
        return .list(page, sites, keys: { [$0.id.description] }) { $0.write(to: &$1) }
    }
}
