package import HTTPEdge

extension SQL.FindPlatform.Row {
    package var rules: UseRules {
        UseRules(
            setupMinutes: setupMinutes, cleanupMinutes: cleanupMinutes, minimumMinutes: minimumMinutes, maximumMinutes: maximumMinutes,
            gridMinutes: gridMinutes, noticeMinutes: noticeMinutes, horizonDays: horizonDays)
    }

    package var eTag: ETag { ETag(version: Int64(version)) }

    /// Writes the members of the contract's `Platform`.
    package func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("centreId", centreId)
        json.member("siteId", siteId)
        json.member("zone", zone)
        json.member("name", name)
        json.member("description", description)
        json.member("visibility", Visibility(isShared: isShared))
        json.member("workstations", workstations)
        json.member("rules", rules)
        json.member("retiredAt", retiredAt)
        json.member("version", version)
    }

    /// The two statements read the same columns.
    init(_ row: SQL.ListPlatforms.Row) {
        self.init(
            centreId: row.centreId, id: row.id, name: row.name, description: row.description, siteId: row.siteId, zone: row.zone,
            isShared: row.isShared, workstations: row.workstations, setupMinutes: row.setupMinutes, cleanupMinutes: row.cleanupMinutes,
            minimumMinutes: row.minimumMinutes, maximumMinutes: row.maximumMinutes, gridMinutes: row.gridMinutes,
            noticeMinutes: row.noticeMinutes, horizonDays: row.horizonDays, retiredAt: row.retiredAt, version: row.version)
    }
}
