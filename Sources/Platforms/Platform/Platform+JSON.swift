package import HTTPEdge

extension SQL.FindPlatform.Row {
    package var rules: UseRules {
        UseRules(
            setupMinutes: setupMinutes, cleanupMinutes: cleanupMinutes, minimumMinutes: minimumMinutes, maximumMinutes: maximumMinutes,
            gridMinutes: gridMinutes, noticeMinutes: noticeMinutes, horizonDays: horizonDays)
    }

    package var details: PlatformDetails {
        var details = PlatformDetails()
        details.parent = parentId
        details.personLimit = personLimit
        details.sectors = sectors.map(Tag.init(stored:))
        details.skills = skills.map(Tag.init(stored:))
        details.supervision = supervision.compactMap(Supervision.init(rawValue:))
        details.prerequisites = holders.indices.compactMap {
            Prerequisite(storedHolder: holders[$0], attestation: attestations[$0], note: notes[$0])
        }
        return details
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
        json.member("parentId", parentId)
        json.member("workstations", workstations)
        json.member("personLimit", personLimit)
        json.array("sectors", sectors)
        json.array("skills", skills)
        json.array("supervision", supervision)
        json.array("prerequisites", details.prerequisites)
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
            noticeMinutes: row.noticeMinutes, horizonDays: row.horizonDays, retiredAt: row.retiredAt, version: row.version,
            parentId: row.parentId, personLimit: row.personLimit, sectors: row.sectors, skills: row.skills, supervision: row.supervision,
            holders: row.holders, attestations: row.attestations, notes: row.notes)
    }
}
