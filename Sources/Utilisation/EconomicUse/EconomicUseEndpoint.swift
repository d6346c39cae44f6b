import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Utilisation {
    /// `GET /v1/centres/{centreId}/economic-use?year=`: each funded asset, the idle ones with 0; this year by default.
    func economicUse(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let asked: Int32? = query.optional("year", in: 1990...2999)
        try query.finish()
        let centre = try await centre(asked: context)
        let year = asked ?? Int32((Zone(centre.zone)?.day(of: centre.now) ?? LocalDay(daysSince1970: 0)).year)
        let rows = try await database.all(
            SQL.EconomicUse(centreNumber: centre.number, year: year, limitPercent: economicLimitPercent), settings: [])
        return Response.json { json in
            json.member("centreId", centre.id)
            json.member("year", year)
            json.member("knownAt", centre.now)
            json.member("limitPercent", economicLimitPercent)
            json.array("equipment", rows) { row, json in
                json.object { json in row.writeMembers(to: &json) }
            }
        }
    }
}

extension SQL.EconomicUse.Row {
    /// Writes the members of the contract's `EconomicUse`.
    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("equipmentId", resourceId)
        json.member("name", name)
        json.member("measuredOn", measuredOn)
        json.member("bookedMinutes", bookedMinutes)
        json.member("economicBookedMinutes", economicBookedMinutes)
        json.member("usedMinutes", usedMinutes)
        json.member("economicUsedMinutes", economicUsedMinutes)
        json.member("share", share)
        json.member("usedShare", usedShare)
        json.member("publicPercent", Double(publicHundredths) / 100)
        json.member("durableUntil", durableUntil)
        json.member("limitPercent", limitPercent)
        json.member("isOver", isOver)
        json.member("toldAt", toldAt)
    }
}
