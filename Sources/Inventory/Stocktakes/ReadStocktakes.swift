import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Inventory {
    /// `GET /v1/centres/{centreId}/stocktakes`: newest first.
    func listStocktakes(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centre: CentreID = try context.path("centreId")
        try context.principal.require(.instructor, .centreStaff, .centreManager, .networkAuditor, at: centre.centreColumn)
        var query = QueryReader(request)
        let page = try query.page(of: "listStocktakes \(centre)", signer: cursors)
        try await requireCentre(centre)
        let stocktakes = try await database.all(
            SQL.ListStocktakes(centreNumber: centre.centreColumn, id: nil, before: try page.after(0), rowLimit: Int32(page.limit)),
            settings: context.principal.settings)
        return Response.list(page, stocktakes, keys: { [$0.id.description] }) { $0.write(to: &$1) }
    }

    /// `GET /v1/stocktakes/{stocktakeId}`.
    func readStocktake(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: StocktakeID = try context.path("stocktakeId")
        try context.principal.require(.instructor, .centreStaff, .centreManager, .networkAuditor, at: id.centreColumn)
        let stocktake: SQL.ListStocktakes.Row = try await database.transaction(settings: context.principal.settings) { transaction in
            try await self.stocktake(id, in: transaction)
        }
        return Response.json { json in stocktake.writeMembers(to: &json) }
    }

    /// `GET /v1/stocktakes/{stocktakeId}/lines`: by inventory number.
    func listStocktakeLines(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: StocktakeID = try context.path("stocktakeId")
        try context.principal.require(.instructor, .centreStaff, .centreManager, .networkAuditor, at: id.centreColumn)
        var query = QueryReader(request)
        let result: CountResult? = query.optional("result")
        let page = try query.page(of: "listStocktakeLines \(id)", signer: cursors)
        let lines = try await database.transaction(settings: context.principal.settings) { transaction in
            _ = try await self.stocktake(id, in: transaction)
            return try await transaction.all(
                SQL.ListStocktakeLines(
                    centreNumber: id.centreColumn, stocktakeId: id, result: result?.rawValue, assetId: nil, after: try page.after(0),
                    rowLimit: Int32(page.limit)))
        }
        return Response.list(page, lines, keys: { [$0.inventoryNumber] }) { line, json in
            json.object { json in line.writeMembers(to: &json) }
        }
    }

    /// `GET /v1/stocktakes/{stocktakeId}/stocks`: by name.
    func listStocktakeStocks(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: StocktakeID = try context.path("stocktakeId")
        try context.principal.require(.instructor, .centreStaff, .centreManager, .networkAuditor, at: id.centreColumn)
        var query = QueryReader(request)
        let differs: Bool? = query.optional("differs")
        let page = try query.page(of: "listStocktakeStocks \(id)", signer: cursors)
        let stocks = try await database.transaction(settings: context.principal.settings) { transaction in
            _ = try await self.stocktake(id, in: transaction)
            return try await transaction.all(
                SQL.ListStocktakeStocks(
                    centreNumber: id.centreColumn, stocktakeId: id, differs: differs, stockId: nil, afterName: try page.after(0),
                    afterId: try page.after(1), rowLimit: Int32(page.limit)))
        }
        return Response.list(page, stocks, keys: { [$0.name, $0.stockId.description] }) { stock, json in
            json.object { json in stock.writeMembers(to: &json) }
        }
    }

    /// - Throws: ``InventoryRefusal/notFound``.
    func stocktake(_ id: StocktakeID, in transaction: borrowing PostgresTransaction) async throws -> SQL.ListStocktakes.Row {
        let statement = SQL.ListStocktakes(centreNumber: id.centreColumn, id: id, before: nil, rowLimit: 1)
        guard let stocktake = try await transaction.all(statement).first else { throw InventoryRefusal.notFound }
        return stocktake
    }
}
