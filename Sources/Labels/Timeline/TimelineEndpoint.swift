import Access
import FoundationEssentials
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Labels {
    /// `GET /v1/centres/{centreId}/label-timeline`: who did what when around a label, or around one application; newest first.
    func listTimeline(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centreID: CentreID = try context.path("centreId")
        var query = QueryReader(request)
        let application: ApplicationID? = query.optional("applicationId")
        let page = try query.page(of: "listLabelTimeline", signer: cursors)
        let number = try await centre(centreID).centreNumber
        guard context.principal.seesFiles(of: number) else { throw LabelRefusal.notFound }
        let rows = try await database.all(
            SQL.ListTimeline(
                centreNumber: number, applicationId: application, before: try page.after(0), beforeSubject: try page.after(1),
                beforeAction: try page.after(2), rowLimit: Int32(page.limit)),
            settings: context.principal.settings)
        let speaker = context.speaker
        let keys: (SQL.ListTimeline.Row) -> [String] = { [$0.at.rfc3339, $0.subjectId.uuidString.lowercased(), $0.action] }
        return try Response.list(page, rows, keys: keys) { row, json in
            try json.object { json in try row.writeMembers(to: &json, speaker: speaker) }
        }
    }
}

extension SQL.ListTimeline.Row {
    /// Writes the members of the contract's `LabelTimelineEntry`.
    fileprivate func writeMembers(to json: inout JSONWriter, speaker: Speaker) throws {
        let members = try JSONDecoder().decode([String: JSONValue].self, from: Data(facts.utf8))
        json.member("at", at)
        json.member("action", action)
        json.member("subjectId", subjectId)
        if let author {
            json.name("author")
            json.raw(author.text)
        }
        json.name("facts")
        json.raw(facts.text)
        json.member("text", speaker.say(Text(TextKey(rawValue: "timeline.\(action)"), FactsInSentence(members).arguments)))
    }
}
