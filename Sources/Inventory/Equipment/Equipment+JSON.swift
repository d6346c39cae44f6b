package import HTTPEdge
package import Platforms

extension SQL.FindAsset.Row {
    package var rules: UseRules {
        UseRules(
            setupMinutes: setupMinutes, cleanupMinutes: cleanupMinutes, minimumMinutes: minimumMinutes, maximumMinutes: maximumMinutes,
            gridMinutes: gridMinutes, noticeMinutes: noticeMinutes, horizonDays: horizonDays)
    }

    package var eTag: ETag { ETag(version: Int64(version)) }

    /// Writes the members of the contract's `Equipment`.
    package func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("centreId", centreId)
        json.member("siteId", siteId)
        json.member("zone", zone)
        json.member("platformId", platformId)
        json.member("name", name)
        json.member("category", category)
        json.member("manufacturer", manufacturer)
        json.member("model", model)
        json.member("modelId", modelId)
        json.member("serial", serial)
        json.member("inventoryNumber", inventoryNumber)
        json.member("mobility", isMobile ? Mobility.mobile : .fixed)
        json.member("visibility", Visibility(isShared: isShared))
        json.member("isAdvancedTechnology", isAdvancedTechnology)
        json.member("advancedTechnologyReason", advancedTechnologyReason)
        json.member("condition", condition)
        json.member("owner", owner)
        json.member("operator", operatedBy)
        json.member("state", state)
        json.member("expectedAt", expectedAt)
        json.member("loanedUntil", loanedUntil)
        json.member("acquiredOn", acquiredOn)
        json.member("renewalExpectedOn", renewalExpectedOn)
        json.member("purchasePriceCents", priceCents)
        json.member("rules", rules)
        json.member("retiredAt", retiredAt)
        json.member("version", version)
    }

    /// The two statements read the same columns.
    init(_ row: SQL.ListAssets.Row) {
        self.init(
            centreId: row.centreId, id: row.id, name: row.name, category: row.category, manufacturer: row.manufacturer,
            model: row.model, serial: row.serial, inventoryNumber: row.inventoryNumber, platformId: row.platformId, siteId: row.siteId,
            zone: row.zone, isShared: row.isShared, isMobile: row.isMobile, isAdvancedTechnology: row.isAdvancedTechnology,
            acquiredOn: row.acquiredOn, renewalExpectedOn: row.renewalExpectedOn, setupMinutes: row.setupMinutes,
            cleanupMinutes: row.cleanupMinutes, minimumMinutes: row.minimumMinutes, maximumMinutes: row.maximumMinutes,
            gridMinutes: row.gridMinutes, noticeMinutes: row.noticeMinutes, horizonDays: row.horizonDays, retiredAt: row.retiredAt,
            version: row.version, modelId: row.modelId, owner: row.owner, operatedBy: row.operatedBy, condition: row.condition,
            advancedTechnologyReason: row.advancedTechnologyReason, state: row.state, expectedAt: row.expectedAt,
            loanedUntil: row.loanedUntil, priceCents: row.priceCents)
    }
}
