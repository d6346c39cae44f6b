import HTTPEdge

extension SQL.FindSealedReport.Row {
    /// The two statements read the same columns.
    init(_ row: SQL.ListSealedReports.Row) {
        self.init(
            id: row.id, firstDay: row.firstDay, lastDay: row.lastDay, version: row.version, knownAt: row.knownAt, reason: row.reason,
            sealedAt: row.sealedAt, sha256: row.sha256)
    }

    /// Writes the members of the contract's `SealedReport`.
    func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("from", firstDay)
        json.member("to", lastDay)
        json.member("version", version)
        json.member("knownAt", knownAt)
        json.member("reason", reason)
        json.member("sealedAt", sealedAt)
        json.member("sha256", sha256)
    }
}
