import Access
import HTTPEdge
import Hummingbird
package import Kernel
import Platforms
package import Postgres

extension Inventory {
    /// - Throws: ``InventoryRefusal/notFound``.
    package func equipment(_ id: ResourceID, settings: [PostgresSetting] = []) async throws -> SQL.FindAsset.Row {
        guard let asset = try await database.first(SQL.FindAsset(id: id), settings: settings) else { throw InventoryRefusal.notFound }
        return asset
    }

    /// `GET /v1/equipment/{equipmentId}`.
    func read(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: ResourceID = try context.path("equipmentId")
        let asset = try await equipment(id, settings: context.principal.settings(forPricesAt: id.centreColumn))
        return Response.unlessHeld(asset.eTag, by: request) {
            Response.json(eTag: asset.eTag) { json in asset.writeMembers(to: &json) }
        }
    }

    /// `GET /v1/equipment`: by centre, then by identifier.
    func list(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let centre: CentreID? = query.optional("centreId")
        let category = query.optional("category", maximum: 100)
        let model: ModelID? = query.optional("modelId")
        let state: AssetState? = query.optional("state")
        let platform: ResourceID? = query.optional("platformId")
        let page = try query.page(of: "listEquipment", signer: cursors)
        let assets = try await database.all(
            SQL.ListAssets(
                centreId: centre, category: category, modelId: model, state: state?.rawValue, platformId: platform,
                afterCentre: try page.after(0) ?? -1, afterId: try page.after(1) ?? .least, rowLimit: Int32(page.limit)),
            settings: context.principal.settings(forPricesAt: centre?.centreColumn))
        return Response.list(page, assets, keys: { [String($0.centreNumber), $0.id.description] }) { row, json in
            json.object { json in SQL.FindAsset.Row(row).writeMembers(to: &json) }
        }
    }
}

extension Principal {
    /// What a read needs to see prices: nothing for those who see none, so that theirs stay the cheapest reads.
    /// - Parameter centre: nil asks about every centre.
    func settings(forPricesAt centre: Int16?) -> [PostgresSetting] {
        let isStaff = centre.map { holds(.instructor, .centreStaff, .centreManager, at: $0) } ?? !workplaces.isEmpty
        return isStaff || holdsForNetwork(.networkManager, .networkAuditor, .labelAuthority) ? settings : []
    }
}
