import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Postgres

extension Bookings {
    /// Further candidates than these are not looked at.
    private static let mostCandidates: Int32 = 2_000

    /// `POST /v1/resource-searches`: resources of the whole network by words and properties, each with what the organisation may expect.
    ///
    /// Only reads, and promises nothing: only a booking or a hold does.
    func search(_ request: Request, _ context: MemberContext) async throws -> Response {
        let sought = try await request.body(SearchRequest.self, in: context)
        let organisation = sought.organisation ?? context.principal.organisationID
        guard organisation == context.principal.organisationID || context.principal.holdsForNetwork(.networkManager, .networkAuditor) else {
            throw BookingRefusal.notFound
        }
        let page = try cursors.page(sought.page, of: "searchResources", pageSize: sought.limit)
        let found = try await search(sought, for: organisation, after: page.after(0, Int32.self) ?? 0, limit: page.limit)
        let items = try found.prefix(sought.limit).map {
            (row: $0, requires: try Requirement.list($0.requires), rules: try RuleExplanation.list($0.rules))
        }
        return Response.json { json in
            json.array("items", items) { $0.row.write(to: &$1, requires: $0.requires, rules: $0.rules, speaker: context.speaker) }
            json.member("hasMore", found.count > sought.limit)
            if found.count > sought.limit { json.member("next", items.last.map { page.next(after: ["\($0.row.place)"]) }) }
        }
    }

    /// - Parameters:
    ///   - after: so many of the best are left out.
    ///   - limit: so many at most, the best first.
    func search(
        _ asked: SearchRequest, for organisation: OrganisationID, after: Int32, limit: Int
    ) async throws -> [SQL.SearchResources.Row] {
        return try await database.all(
            SQL.SearchResources(
                organisation: organisation, words: asked.sought.text, tags: asked.sought.tags, centreId: asked.sought.centre,
                latitude: asked.sought.near?.latitude, longitude: asked.sought.near?.longitude, kilometres: asked.sought.near?.kilometres,
                starts: asked.period?.start, ends: asked.period?.end, seats: asked.workstations,
                audiences: asked.audiences.map(\.audience), headCounts: asked.audiences.map(\.headCount), onlyUsable: asked.isOnlyUsable,
                afterPlace: after, most: Self.mostCandidates, rowLimit: Int32(limit)))
    }
}

extension SQL.SearchResources.Row {
    fileprivate func write(to json: inout JSONWriter, requires: [Requirement], rules: [RuleExplanation], speaker: Speaker) {
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
            json.member("verdict", verdict)
            json.member("free", free)
            json.array("requires", requires)
            json.array("rules", rules) { rule, json in rule.write(to: &json, speaker: speaker) }
        }
    }
}
