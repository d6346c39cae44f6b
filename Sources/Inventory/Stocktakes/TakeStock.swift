import Access
import HTTPEdge
import Hummingbird
import Kernel
import Platforms
import Postgres

extension Inventory {
    /// `POST /v1/centres/{centreId}/stocktakes`: opens a count of what should be there.
    func openStocktake(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centre: CentreID = try context.path("centreId")
        try context.principal.require(.centreStaff, .centreManager, at: centre.centreColumn)
        let submission = try await request.submission(StocktakeRequest.self, in: context)
        try await requireCentre(centre)
        let id: StocktakeID = identifiers.make(centre: centre.centreColumn)
        let statement = SQL.OpenStocktake(
            centreNumber: centre.centreColumn, id: id, key: try context.principal.keyID, siteId: submission.body.site)
        return try await writes.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID, settings: context.principal.settings
        ) { transaction in
            let row = try await transaction.one(statement)
            guard row.outcome == "opened" else { throw Self.refusal(row.outcome, nil) }
            let stocktake = try await stocktake(id, in: transaction)
            return Response.json(.created, location: "/v1/stocktakes/\(id)") { json in stocktake.writeMembers(to: &json) }
        }
    }

    /// `POST /v1/stocktakes/{stocktakeId}/sightings`: notes that an asset was seen, and where.
    func seeAsset(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: StocktakeID = try context.path("stocktakeId")
        try context.principal.require(.instructor, .centreStaff, .centreManager, at: id.centreColumn)
        let submission = try await request.submission(Sighting.self, in: context)
        let sighting = submission.body
        let statement = SQL.SeeAsset(
            centreNumber: id.centreColumn, stocktakeId: id, key: try context.principal.keyID, code: sighting.code, siteId: sighting.site,
            platformId: sighting.platform)
        return try await writes.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID, settings: context.principal.settings
        ) { transaction in
            let row = try await transaction.one(statement)
            guard row.outcome == "noted", let asset = row.assetId else { throw Self.refusal(row.outcome, sighting) }
            let lines = try await transaction.all(
                SQL.ListStocktakeLines(
                    centreNumber: id.centreColumn, stocktakeId: id, result: nil, assetId: asset, after: nil, rowLimit: 1))
            guard let line = lines.first else { throw InventoryRefusal.notFound }
            return Response.json { json in line.writeMembers(to: &json) }
        }
    }

    /// `POST /v1/stocktakes/{stocktakeId}/counts`: notes how many items of a stock there are.
    func countStock(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: StocktakeID = try context.path("stocktakeId")
        try context.principal.require(.instructor, .centreStaff, .centreManager, at: id.centreColumn)
        let submission = try await request.submission(StockCount.self, in: context)
        let count = submission.body
        let statement = SQL.CountStock(
            centreNumber: id.centreColumn, stocktakeId: id, key: try context.principal.keyID, stockId: count.stock, counted: count.counted)
        return try await writes.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID, settings: context.principal.settings
        ) { transaction in
            let row = try await transaction.one(statement)
            guard row.outcome == "noted" else { throw Self.refusal(row.outcome, nil) }
            let stocks = try await transaction.all(
                SQL.ListStocktakeStocks(
                    centreNumber: id.centreColumn, stocktakeId: id, differs: nil, stockId: count.stock, afterName: nil, afterId: nil,
                    rowLimit: 1))
            guard let stock = stocks.first else { throw InventoryRefusal.notFound }
            return Response.json { json in stock.writeMembers(to: &json) }
        }
    }

    /// `POST /v1/stocktakes/{stocktakeId}/closure`: what nobody saw is missing; stocks that are named become what was counted.
    func closeStocktake(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: StocktakeID = try context.path("stocktakeId")
        try context.principal.require(.centreStaff, .centreManager, at: id.centreColumn)
        let submission = try await request.submission(ClosureRequest.self, in: context, orEmpty: true)
        let corrections = submission.body.corrections
        let statement = SQL.CloseStocktake(
            centreNumber: id.centreColumn, id: id, key: try context.principal.keyID, corrected: corrections)
        return try await writes.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID, settings: context.principal.settings
        ) { transaction in
            let row = try await transaction.one(statement)
            guard row.outcome == "done" else { throw Self.refusal(row, of: corrections) }
            let stocktake = try await stocktake(id, in: transaction)
            return Response.json { json in stocktake.writeMembers(to: &json) }
        }
    }

    private static func refusal(_ row: SQL.CloseStocktake.Row, of corrections: [ResourceID]) -> any Error {
        let index = row.stockId.flatMap { corrections.firstIndex(of: $0) } ?? 0
        return switch (row.outcome, row.taken, row.takenAt, row.zone) {
        case ("notCounted", _, _, _), ("noDifference", _, _, _): InventoryRefusal.nothingToCorrect(index: index, code: row.outcome)
        case ("itemsOut", let out?, _, _): InventoryRefusal.itemsOut(count: out)
        case ("inUse", let taken?, let moment?, let zone?):
            InventoryRefusal.stockInUse(taken: taken, at: moment, zone: zone, by: row.takings)
        case ("outOfRange", _, _, _): InventoryRefusal.nothingToCorrect(index: index, code: "stockRange")
        default: refusal(row.outcome, nil)
        }
    }

    private static func refusal(_ outcome: String, _ sighting: Sighting?) -> any Error {
        switch outcome {
        case "notFound": InventoryRefusal.notFound
        case "closed": InventoryRefusal.stocktakeClosed
        case "assetUnknown": InventoryRefusal.assetUnknown
        case "stockUnknown": InventoryRefusal.stockUnknown
        case "siteUnknown": PlatformRefusal.siteUnknown
        case "placeUnknown" where sighting?.platform == nil: PlatformRefusal.siteUnknown
        case "placeUnknown": InventoryRefusal.platformUnknown
        default: Problem.forbidden(roles: [.centreStaff, .centreManager])
        }
    }
}
