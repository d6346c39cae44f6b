import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Postgres

extension Bookings {
    /// Resources that are looked at, and slots that are put to the rules: beyond these the answer says that there may be more.
    static let mostSuggestionCandidates: Int32 = 200
    static let mostSuggestionsJudged: Int32 = 1_000

    /// `POST /v1/suggestions`: where and when a need fits, over time, units, sites and centres, and why it does not fit elsewhere.
    ///
    /// Only reads, and promises nothing: only a booking or a hold does.
    func suggest(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        try query.finish()
        let asked = try await request.body(SuggestionRequest.self, in: context)
        let organisation = asked.organisation ?? context.principal.organisationID
        guard organisation == context.principal.organisationID || context.principal.booksOnBehalf else { throw BookingRefusal.notFound }
        let need = SuggestedNeed(asked, for: organisation)
        let rows = try await database.all(try statement(for: need, by: context.principal, limit: asked.limit + 1, isExplained: true))
        let isWhole = !rows.contains { $0.verdict == "unknown" } && Set(rows.map(\.id)).count < Int(Self.mostSuggestionCandidates)
        let found = try rows.filter { $0.verdict != "unknown" }.map { (row: $0, rules: try RuleExplanation.list($0.rules)) }
        let slots = found.filter { $0.row.firstStart != nil }
        return Response.json { json in
            json.array("items", Array(slots.prefix(asked.limit))) {
                $0.row.write(to: &$1, wanted: need.preferred, $0.rules, context.speaker)
            }
            json.array("absences", found.filter { $0.row.firstStart == nil }) {
                $0.row.write(to: &$1, wanted: need.preferred, $0.rules, context.speaker)
            }
            json.member("hasMore", slots.count > asked.limit || !isWhole)
        }
    }
}

extension Principal {
    /// Whether staff of some centre, or the network, books for others.
    fileprivate var booksOnBehalf: Bool { holdsSomewhere(anyOf: [.centreStaff, .centreManager, .networkManager]) }
}

extension SQL.Suggest.Row {
    fileprivate func write(to json: inout JSONWriter, wanted: Instant, _ rules: [RuleExplanation], _ speaker: Speaker) {
        json.object { json in
            json.member("resourceId", id)
            json.member("kind", kind)
            json.member("name", name)
            json.member("centreId", centreId)
            json.member("centreName", centreName)
            json.member("siteId", siteId)
            json.member("siteName", siteName)
            json.member("town", town)
            json.member("zone", zone)
            json.member("workstations", capacity)
            json.member("kilometres", kilometres.map { ($0 * 10).rounded() / 10 })
            json.member("start", starts)
            json.member("end", ends)
            json.member("firstStart", firstStart)
            json.member("lastStart", lastStart)
            json.member("verdict", verdict)
            if firstStart != nil, let slot = Suggestion(self, wanted: wanted) { json.array("reasons", slot.reasons) }
            json.array("rules", rules) { rule, json in rule.write(to: &json, speaker: speaker) }
        }
    }
}
