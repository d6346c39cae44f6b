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
        let histories = try await histories(of: [row.centreNumber])
        return Centre(row, history: histories[row.centreNumber] ?? Centre.History())
    }

    /// Names, carriers and successions of some centres, by number.
    func histories(of numbers: [Int16]) async throws -> [Int16: Centre.History] {
        async let names = database.all(SQL.ListCentreNames(centreNumbers: numbers))
        async let carriers = database.all(SQL.ListCentreCarriers(centreNumbers: numbers))
        async let successions = database.all(SQL.ListSuccessions(centreNumbers: numbers))
        var histories: [Int16: Centre.History] = [:]
        for row in try await names { histories[row.centreNumber, default: .init()].names.append(Centre.Name(row)) }
        for row in try await carriers { histories[row.centreNumber, default: .init()].carriers.append(Centre.Carrier(row)) }
        for row in try await successions { histories[row.centreNumber, default: .init()].add(row) }
        return histories
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
        let histories = try await histories(of: rows.map(\.centreNumber))
        let centres = rows.map { Centre($0, history: histories[$0.centreNumber] ?? Centre.History()) }
        return .list(page, centres, keys: { [String($0.number)] }) { $0.write(to: &$1) }
    }
}
