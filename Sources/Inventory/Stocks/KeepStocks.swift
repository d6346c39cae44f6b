import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Platforms
import Postgres

extension Inventory {
    /// `POST /v1/centres/{centreId}/stocks`.
    func createStock(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let centre: CentreID = try context.path("centreId")
        try context.principal.require(.centreManager, at: centre.centreColumn)
        let submission = try await request.submission(NewStock.self, in: context)
        let id: ResourceID = identifiers.make(centre: centre.centreColumn)
        let statement = SQL.CreateStock(submission.body, id: id, by: try context.principal.keyID)
        return try await writes.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID, settings: context.principal.settings
        ) { transaction in
            let row = try await answer(statement, in: transaction)
            guard row.outcome == "created" else { throw Self.stockRefusal(row.outcome, statement: SQL.CreateStock.name) }
            let stock = try await self.stock(id, in: transaction)
            // An identifier that only looks like the centre's.
            guard stock.centreId == centre else { throw InventoryRefusal.notFound }
            return .json(.created, eTag: stock.eTag, location: "/v1/stocks/\(id)") { json in stock.writeMembers(to: &json) }
        }
    }

    /// `PUT /v1/stocks/{stockId}`: everything but how many items it has; rules for new bookings.
    func changeStock(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: ResourceID = try context.path("stockId")
        try context.principal.require(.centreManager, at: id.centreColumn)
        let versions = try IfMatch(requiredBy: request)
        let body = try await request.body(StockChange.self, in: context).content
        let key = try context.principal.keyID
        return try await database.transaction(settings: context.principal.settings) { transaction in
            let former = try await stock(id, in: transaction)
            try versions.check(version: Int64(former.version))
            let row = try await answer(SQL.ChangeStock(body, id: id, version: former.version, by: key), in: transaction)
            guard row.outcome == "changed" else {
                throw Self.stockRefusal(row.outcome, version: row.version, statement: SQL.ChangeStock.name)
            }
            let changed = try await stock(id, in: transaction)
            return .json(eTag: changed.eTag) { json in changed.writeMembers(to: &json) }
        }
    }

    /// `POST /v1/stocks/{stockId}/changes`: more or fewer items, with the cause, which is kept.
    func changeAmount(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: ResourceID = try context.path("stockId")
        try context.principal.require(.centreStaff, .centreManager, at: id.centreColumn)
        let submission = try await request.submission(AmountChange.self, in: context)
        let body = submission.body
        let statement = SQL.ChangeAmount(
            centreNumber: id.centreColumn, id: id, key: try context.principal.keyID, cause: body.cause.rawValue, change: body.change,
            note: body.note)
        return try await writes.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID, settings: context.principal.settings
        ) { transaction in
            let row = try await transaction.one(statement)
            guard row.outcome == "changed" else {
                let zone = try await stock(id, in: transaction).zone
                throw Self.amountRefusal(row, zone: zone)
            }
            let changed = try await stock(id, in: transaction)
            return .json(eTag: changed.eTag) { json in changed.writeMembers(to: &json) }
        }
    }

    private static func amountRefusal(_ row: SQL.ChangeAmount.Row, zone: String) -> any Error {
        switch (row.outcome, row.taken, row.takenAt, row.amount) {
        case ("inUse", let taken?, let moment?, _):
            InventoryRefusal.stockInUse(taken: taken, at: moment, zone: zone, by: row.takings)
        case ("itemsOut", let out?, _, _): InventoryRefusal.itemsOut(count: out)
        case ("notConsumable", _, _, _): InventoryRefusal.notConsumable
        case ("outOfRange", _, _, let amount?): InventoryRefusal.amountOutOfRange(amount: amount)
        case ("forbidden", _, _, _): Problem.forbidden(roles: [.centreStaff, .centreManager])
        default: stockRefusal(row.outcome, statement: SQL.ChangeAmount.name)
        }
    }

    private static func stockRefusal(_ outcome: String, version: Int32? = nil, statement: String) -> any Error {
        switch outcome {
        case "notFound": InventoryRefusal.notFound
        case "forbidden": Problem.forbidden(roles: [.centreManager])
        case "versionMismatch": version.map { InventoryRefusal.changedMeanwhile(version: $0) } ?? .notFound
        default: UnknownOutcome(statement: statement, outcome: outcome)
        }
    }

    /// - Throws: the refusal that a violated constraint stands for.
    func answer<Statement: PostgresStatement>(
        _ statement: Statement, in transaction: borrowing PostgresTransaction
    ) async throws -> Statement.Row {
        do {
            return try await transaction.one(statement)
        } catch {
            throw error.inventoryRefusal
        }
    }
}

extension SQL.CreateStock {
    fileprivate init(_ stock: NewStock, id: ResourceID, by key: KeyID) {
        let (content, rules) = (stock.content, stock.content.rules)
        self.init(
            centreNumber: id.centreColumn, id: id, key: key, name: content.name, siteId: stock.site,
            isShared: content.visibility.isShared, amount: stock.amount, modelId: content.model, isConsumable: content.isConsumable,
            minimum: content.minimum, setupMinutes: rules.setupMinutes, cleanupMinutes: rules.cleanupMinutes,
            minimumMinutes: rules.minimumMinutes, maximumMinutes: rules.maximumMinutes, gridMinutes: rules.gridMinutes,
            noticeMinutes: rules.noticeMinutes, horizonDays: rules.horizonDays)
    }
}

extension SQL.ChangeStock {
    fileprivate init(_ content: StockContent, id: ResourceID, version: Int32, by key: KeyID) {
        let rules = content.rules
        self.init(
            centreNumber: id.centreColumn, id: id, version: version, key: key, name: content.name,
            isShared: content.visibility.isShared, modelId: content.model, isConsumable: content.isConsumable, minimum: content.minimum,
            setupMinutes: rules.setupMinutes, cleanupMinutes: rules.cleanupMinutes, minimumMinutes: rules.minimumMinutes,
            maximumMinutes: rules.maximumMinutes, gridMinutes: rules.gridMinutes, noticeMinutes: rules.noticeMinutes,
            horizonDays: rules.horizonDays)
    }
}
