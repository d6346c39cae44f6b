import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Utilisation {
    private static let longestTerm = 3_700

    /// `GET /v1/centres/{centreId}/renewal-evidence?from=&to=`: what use shows for the renewal of the label; the running term by default.
    func evidence(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let from: LocalDay? = query.optional("from")
        let to: LocalDay? = query.optional("to")
        if (from == nil) != (to == nil) { query.refuse(from == nil ? "from" : "to", Text("reason.bothDays")) }
        var asked: ReportPeriod?
        if let from, let to {
            asked = ReportPeriod.checked(from, to, longestDays: Self.longestTerm) { query.refuse("to", $0) }
        }
        try query.finish()
        let centre = try await centre(asked: context)
        if asked == nil, let term = try await database.first(SQL.LabelTerm(centreNumber: centre.number)) {
            asked = ReportPeriod(first: term.firstDay, last: term.lastDay)
        }
        guard let asked else { throw Problem.notFound }
        let row = try await database.one(
            SQL.RenewalEvidence(centreNumber: centre.number, firstDay: asked.first, lastDay: asked.last))
        return .document(row.document)
    }
}
