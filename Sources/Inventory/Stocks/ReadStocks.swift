import Access
import HTTPEdge
import Hummingbird
import Kernel
import Platforms
import Postgres

extension Inventory {
    /// `GET /v1/stocks`: by centre, then by identifier.
    func listStocks(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let centre: CentreID? = query.optional("centreId")
        let page = try query.page(of: "listStocks", signer: cursors)
        let stocks = try await database.all(
            SQL.ListStocks(
                id: nil, centreId: centre, afterCentre: try page.after(0) ?? -1, afterId: try page.after(1) ?? .least,
                rowLimit: Int32(page.limit)))
        return Response.list(page, stocks, keys: { [String($0.centreNumber), $0.id.description] }) { row, json in
            json.object { json in row.writeMembers(to: &json) }
        }
    }

    /// `GET /v1/stocks/{stockId}`.
    func readStock(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: ResourceID = try context.path("stockId")
        guard let stock = try await database.all(SQL.ListStocks(one: id)).first else { throw InventoryRefusal.notFound }
        return Response.unlessHeld(stock.eTag, by: request) {
            Response.json(eTag: stock.eTag) { json in stock.writeMembers(to: &json) }
        }
    }

    /// `GET /v1/stocks/{stockId}/changes`: how its amount came to be, newest first, for its centre and the network.
    func listStockChanges(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: ResourceID = try context.path("stockId")
        try context.principal.require(.instructor, .centreStaff, .centreManager, .networkAuditor, at: id.centreColumn)
        var query = QueryReader(request)
        let page = try query.page(of: "listStockChanges \(id)", signer: cursors)
        let found = try await database.all(SQL.ListStocks(one: id))
        guard !found.isEmpty else { throw InventoryRefusal.notFound }
        let changes = try await database.all(
            SQL.ListStockChanges(id: id, before: try page.after(0), rowLimit: Int32(page.limit)), settings: context.principal.settings)
        return Response.list(page, changes, keys: { [String($0.number)] }) { $0.write(to: &$1) }
    }

    /// - Throws: ``InventoryRefusal/notFound``.
    func stock(_ id: ResourceID, in transaction: borrowing PostgresTransaction) async throws -> SQL.ListStocks.Row {
        guard let stock = try await transaction.all(SQL.ListStocks(one: id)).first else { throw InventoryRefusal.notFound }
        return stock
    }
}

extension SQL.ListStocks {
    fileprivate init(one id: ResourceID) {
        self.init(id: id, centreId: nil, afterCentre: -1, afterId: .least, rowLimit: 1)
    }
}
