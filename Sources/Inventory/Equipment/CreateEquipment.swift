import Access
import HTTPEdge
import Hummingbird
package import Kernel
import Platforms
package import Postgres

extension Inventory {
    /// Adds an asset of a model; the model too when nobody entered it before.
    /// - Throws: ``InventoryRefusal``, `PlatformRefusal` for what every resource has.
    package func create(
        _ equipment: EquipmentRequest, id: ResourceID, in transaction: borrowing PostgresTransaction
    ) async throws -> SQL.FindAsset.Row {
        let model = try await transaction.one(
            SQL.CreateModel(
                id: identifiers.make(centre: 0), category: equipment.category, manufacturer: equipment.manufacturer,
                name: equipment.model))
        do {
            _ = try await transaction.one(SQL.CreateAsset(equipment, id: id, model: model.id))
        } catch {
            throw error.inventoryRefusal
        }
        guard let created = try await transaction.first(SQL.FindAsset(id: id)) else { throw InventoryRefusal.notFound }
        return created
    }

    /// `POST /v1/centres/{centreId}/equipment`.
    func create(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centre: CentreID = try context.path("centreId")
        try context.principal.require(.centreManager, at: centre.centreColumn)
        let submission = try await request.submission(EquipmentRequest.self, in: context)
        let id: ResourceID = identifiers.make(centre: centre.centreColumn)
        return try await writes.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID, settings: context.principal.settings
        ) { transaction in
            let asset = try await create(submission.body, id: id, in: transaction)
            // An identifier that only looks like the centre's.
            guard asset.centreId == centre else { throw InventoryRefusal.notFound }
            return Response.json(.created, eTag: asset.eTag, location: "/v1/equipment/\(id)") { json in
                asset.writeMembers(to: &json)
            }
        }
    }
}

extension SQL.CreateAsset {
    init(_ equipment: EquipmentRequest, id: ResourceID, model: ModelID) {
        let rules = equipment.rules
        let details = equipment.details
        self.init(
            centreNumber: id.centreColumn, id: id, modelId: model, platformId: details.platform, name: equipment.name,
            siteId: equipment.site, isShared: equipment.visibility.isShared, inventoryNumber: equipment.inventoryNumber,
            serial: details.serial, isMobile: equipment.mobility == .mobile, isAdvancedTechnology: equipment.isAdvancedTechnology,
            acquiredOn: details.acquiredOn, renewalExpectedOn: details.renewalExpectedOn, setupMinutes: rules.setupMinutes,
            cleanupMinutes: rules.cleanupMinutes, minimumMinutes: rules.minimumMinutes, maximumMinutes: rules.maximumMinutes,
            gridMinutes: rules.gridMinutes, noticeMinutes: rules.noticeMinutes, horizonDays: rules.horizonDays, owner: details.owner,
            operatedBy: details.operatedBy, condition: equipment.condition.rawValue,
            advancedTechnologyReason: details.advancedTechnologyReason, priceCents: details.priceCents, state: equipment.state.rawValue,
            expectedAt: equipment.expectedAt, loanedUntil: equipment.loanedUntil)
    }
}
