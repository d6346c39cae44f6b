package import HTTPEdge

extension SQL.ReadDecisions.Row: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in writeMembers(to: &json) }
    }

    /// Writes the members of the contract's `Decision`.
    package func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("centreId", centreId)
        json.member("kind", kind)
        json.member("authority", authority)
        json.member("reference", reference)
        json.member("decidedOn", decidedOn)
        json.member("effectiveFrom", effectiveFrom)
        json.member("effectiveTo", effectiveTo)
        json.member("supersedes", supersedes)
        json.member("supersededBy", supersededBy)
        json.member("note", note)
        json.member("recordedAt", recordedAt)
        json.member("isFictional", isFictional)
    }
}

extension SQL.FindProposal.Row {
    /// Writes a proposal that nobody has approved.
    package func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("state", withdrawnAt == nil ? "proposed" : "withdrawn")
        json.member("centreId", centreId)
        json.member("kind", kind)
        json.member("authority", authority)
        json.member("reference", reference)
        json.member("decidedOn", decidedOn)
        json.member("effectiveFrom", effectiveFrom)
        json.member("effectiveTo", effectiveTo)
        json.member("supersedes", supersedes)
        json.member("note", note)
        json.member("proposedAt", proposedAt)
        json.member("withdrawnAt", withdrawnAt)
    }
}
