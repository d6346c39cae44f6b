import Access
import HTTPEdge
import Hummingbird
package import Kernel
import Postgres

extension Centres {
    /// - Throws: ``CentresRefusal/centreUnknown``.
    package func centre(_ id: CentreID, visibleTo principal: Principal) async throws -> Centre {
        guard let row = try await database.first(SQL.FindCentre(id: id), settings: principal.settings) else {
            throw CentresRefusal.centreUnknown
        }
        let names = try await database.all(SQL.ListCentreNames(centreNumbers: [row.centreNumber]))
        return Centre(row, names: names.map(Centre.Name.init))
    }

    /// Never 304: the name and the title of today change with the days, without a new version.
    func getCentre(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let centre = try await centre(try context.path("centreId"), visibleTo: context.principal)
        return .json(eTag: centre.eTag) { json in centre.writeMembers(to: &json) }
    }

    func listCentres(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let page = try query.page(of: "listCentres", signer: signer)
        let statement = SQL.ListCentres(after: try page.after(0) ?? -1, rowLimit: Int32(page.limit))
        let rows = try await database.all(statement, settings: context.principal.settings)
        let borne = try await database.all(SQL.ListCentreNames(centreNumbers: rows.map(\.centreNumber)))
        let names = Dictionary(grouping: borne, by: \.centreNumber).mapValues { $0.map(Centre.Name.init) }
        let centres = rows.map { Centre($0, names: names[$0.centreNumber] ?? []) }
        return .list(page, centres, keys: { [String($0.number)] }) { $0.write(to: &$1) }
    }
}
