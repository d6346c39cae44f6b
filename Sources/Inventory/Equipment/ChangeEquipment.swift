import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Platforms
import Postgres

/// The fields of an asset to change; what is left out stays as it is, what `remove` names is taken away.
struct EquipmentChange: RequestObject {
    let name: String?
    let inventoryNumber: String?
    let site: SiteID?
    let mobility: Mobility?
    let visibility: Visibility?
    let isAdvancedTechnology: Bool?
    let condition: AssetCondition?
    let details: AssetDetails
    let removed: [AssetDetails.Member]
    let rules: UseRulesChange?
    /// Why its owner changes, or it is shared no more, although funds still bind it; nil: they hold.
    let durabilityOverride: String?
    private let isEmpty: Bool

    init(reading fields: inout FieldReader) {
        name = fields.optional("name", maximum: 200)
        inventoryNumber = fields.optional("inventoryNumber", maximum: 100)
        site = fields.optional("siteId")
        mobility = fields.optional("mobility")
        visibility = fields.optional("visibility")
        isAdvancedTechnology = fields.optional("isAdvancedTechnology")
        condition = fields.optional("condition")
        details = AssetDetails(reading: &fields)
        removed = fields.values("remove", AssetDetails.Member.self, count: 0...8) ?? []
        rules = fields.optionalObject("rules")
        durabilityOverride = fields.optional("durabilityOverride", maximum: 500)
        for member in removed where fields.has(member.rawValue) { fields.refuse("remove", Text("reason.givenAndRemoved")) }
        let members = ["name", "inventoryNumber", "siteId", "mobility", "visibility", "isAdvancedTechnology", "condition", "rules"]
        isEmpty =
            removed.isEmpty && !members.contains { fields.has($0) } && !AssetDetails.Member.allCases.contains { fields.has($0.rawValue) }
        if isEmpty { fields.refuse("", code: "missing", Text("reason.nothingGiven")) }
    }

    /// The whole asset, changed, on condition that it still has the version that was read.
    func applied(to asset: SQL.FindAsset.Row, by key: KeyID) -> SQL.ChangeAsset {
        let rules = rules?.applied(to: asset.rules) ?? asset.rules
        let isAdvanced = isAdvancedTechnology ?? asset.isAdvancedTechnology
        var details = AssetDetails(asset).changed(by: details, removing: removed)
        // The reason goes with the mark, unless the request gives one all the same.
        if !isAdvanced, self.details.advancedTechnologyReason == nil { details.advancedTechnologyReason = nil }
        return SQL.ChangeAsset(
            centreNumber: asset.id.centreColumn, id: asset.id, version: asset.version, by: key, name: name ?? asset.name,
            isShared: visibility?.isShared ?? asset.isShared, siteId: site ?? asset.siteId, platformId: details.platform,
            isMobile: mobility.map { $0 == .mobile } ?? asset.isMobile, inventoryNumber: inventoryNumber ?? asset.inventoryNumber,
            serial: details.serial, isAdvancedTechnology: isAdvanced, advancedTechnologyReason: details.advancedTechnologyReason,
            acquiredOn: details.acquiredOn, renewalExpectedOn: details.renewalExpectedOn, owner: details.owner,
            operatedBy: details.operatedBy, condition: condition?.rawValue ?? asset.condition, priceCents: details.priceCents,
            setupMinutes: rules.setupMinutes, cleanupMinutes: rules.cleanupMinutes, minimumMinutes: rules.minimumMinutes,
            maximumMinutes: rules.maximumMinutes, gridMinutes: rules.gridMinutes, noticeMinutes: rules.noticeMinutes,
            horizonDays: rules.horizonDays, overrideReason: durabilityOverride)
    }
}

extension Inventory {
    /// `PATCH /v1/equipment/{equipmentId}`: rules for new bookings; a change of place is recorded.
    func change(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: ResourceID = try context.path("equipmentId")
        try context.principal.require(.centreManager, at: id.centreColumn)
        let versions = try IfMatch(requiredBy: request)
        let change = try await request.body(EquipmentChange.self, in: context)
        let settings = context.principal.settings
        let current = try await equipment(id, settings: settings)
        try versions.check(version: Int64(current.version))
        try await perform(change.applied(to: current, by: try context.principal.keyID), in: current.zone)
        let changed = try await equipment(id, settings: settings)
        return Response.json(eTag: changed.eTag) { json in changed.writeMembers(to: &json) }
    }

    private func perform(_ statement: SQL.ChangeAsset, in zone: String) async throws {
        let row: SQL.ChangeAsset.Row
        do {
            row = try await database.one(statement)
        } catch {
            throw error.inventoryRefusal
        }
        let bond = FundingBond(line: row.lineId, until: row.durableUntil, funder: row.funder)
        switch (row.outcome, row.version, row.takenAt) {
        case ("changed", _, _): return
        case ("durable", _, _): throw bond.map { InventoryRefusal.durable($0) } ?? .notFound
        // A stock is no asset: how many items it has is said with a cause.
        case ("notFound", _, _), ("amountHasCause", _, _): throw InventoryRefusal.notFound
        case ("forbidden", _, _): throw Problem.forbidden(roles: [.centreManager])
        case ("versionMismatch", let version?, _): throw InventoryRefusal.changedMeanwhile(version: version)
        case ("booked", _, let moment?): throw InventoryRefusal.booked(at: moment, zone: zone)
        default: throw UnknownOutcome(statement: SQL.ChangeAsset.name, outcome: row.outcome)
        }
    }
}
