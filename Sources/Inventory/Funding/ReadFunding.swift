import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Inventory {
    /// `GET /v1/funding-lines`: who paid what; a partner sees its own, a centre those of its assets, the network all.
    func listFundingLines(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let asset: ResourceID? = query.optional("equipmentId")
        let centre: CentreID? = query.optional("centreId")
        let organisation: OrganisationID? = query.optional("organisationId")
        let programme = query.optional("programme", maximum: 100)
        let day: LocalDay? = query.optional("on")
        let page = try query.page(of: "listFundingLines", signer: cursors)
        let lines = try await database.all(
            SQL.ListFundingLines(
                id: nil, resourceId: asset, centreNumber: centre?.centreColumn, organisationId: organisation, programme: programme,
                onDay: day, afterId: try page.after(0), rowLimit: Int32(page.limit)),
            settings: context.principal.settings)
        return Response.list(page, lines, keys: { [$0.id.description] }) { row, json in
            json.object { json in row.writeMembers(to: &json) }
        }
    }

    /// `GET /v1/funding-lines/{fundingLineId}`.
    func readFundingLine(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: FundingLineID = try context.path("fundingLineId")
        let found = try await database.all(SQL.ListFundingLines(one: id), settings: context.principal.settings).first
        guard let line = found else { throw InventoryRefusal.notFound }
        // Never "not modified": whether it is durable turns with the day, its version does not.
        return Response.json(eTag: line.eTag) { json in line.writeMembers(to: &json) }
    }

    /// - Throws: ``InventoryRefusal/notFound``, for one that the caller may not see too.
    func fundingLine(_ id: FundingLineID, in transaction: borrowing PostgresTransaction) async throws -> SQL.ListFundingLines.Row {
        guard let line = try await transaction.all(SQL.ListFundingLines(one: id)).first else { throw InventoryRefusal.notFound }
        return line
    }
}

extension SQL.ListFundingLines {
    fileprivate init(one id: FundingLineID) {
        self.init(
            id: id, resourceId: nil, centreNumber: nil, organisationId: nil, programme: nil, onDay: nil, afterId: nil, rowLimit: 1)
    }
}
