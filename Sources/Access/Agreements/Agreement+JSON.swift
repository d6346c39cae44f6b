import HTTPEdge

extension SQL.ListAgreements.Row: JSONWritable {
    func write(to json: inout JSONWriter) {
        json.object { json in writeMembers(to: &json) }
    }

    /// Writes the members of the contract's `Agreement`.
    func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("kind", centreNumber == 0 ? "membership" : "agreement")
        json.member("organisationId", organisationId)
        json.member("organisationName", organisationName)
        json.member("centreId", centreId)
        json.member("state", state)
        json.member("from", fromDay)
        json.member("to", toDay)
        writeTerms(to: &json)
        json.member("renews", renews)
        json.member("note", note)
        json.member("requestedAt", requestedAt)
        json.member("decidedAt", decidedAt)
        json.member("decisionNote", decisionNote)
        json.member("endedAt", endedAt)
        json.member("endReason", endReason)
        json.member("agreedLastDay", agreedLastDay)
        json.member("version", version)
    }

    /// A membership has none of these.
    private func writeTerms(to json: inout JSONWriter) {
        if let audiences { json.array("audiences", audiences) }
        if let platforms { json.array("platformIds", platforms) }
        if centreNumber != 0 { json.member("companyProduction", allowsProduction) }
        json.member("tariff", tariff)
        json.member("allowanceHours", allowanceHours)
    }
}
