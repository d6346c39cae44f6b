import HTTPEdge

extension SQL.ListFundingLines.Row {
    var eTag: ETag { ETag(version: Int64(version)) }

    /// The programme and the partner, for people.
    var funder: String { [programme, partner].compactMap(\.self).joined(separator: ", ") }

    /// Writes the members of the contract's `FundingLine`.
    func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("centreId", centreId)
        json.member("equipmentId", resourceId)
        json.member("equipmentName", resourceName)
        json.member("organisationId", organisationId)
        json.member("partner", partner)
        json.member("nature", nature)
        json.member("sharePercent", Double(shareHundredths) / 100)
        json.member("programme", programme)
        json.member("reference", reference)
        json.member("conditions", conditions)
        json.member("from", fromDay)
        json.member("to", toDay)
        json.member("durableUntil", durableUntil)
        json.member("isDurable", isDurable)
        json.member("agreementId", agreementId)
        json.member("economicLimitPercent", economicLimitPercent)
        json.member("createdAt", createdAt)
        json.member("endedAt", endedAt)
        json.member("endReason", endReason)
        json.member("version", version)
    }
}
