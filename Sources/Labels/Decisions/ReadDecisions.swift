import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension SQL.ReadDecisions {
    /// One decision, as known now: what is recorded is never in the future.
    init(newest id: DecisionID) {
        self.init(centreNumber: id.centreColumn, id: id, knownAt: .endOfTime, after: nil, rowLimit: 1)
    }
}

extension Instant {
    /// 9999-12-31, later than anything recorded.
    static let endOfTime = Instant(secondsSince1970: 253_402_214_400)
}

extension Labels {
    /// `GET /v1/centres/{centreId}/label-decisions`: in the order in which they were recorded.
    func listDecisions(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centreID: CentreID = try context.path("centreId")
        var query = QueryReader(request)
        let page = try query.page(of: "listLabelDecisions", signer: cursors)
        let centre = try await centre(centreID)
        let decisions = try await database.all(
            SQL.ReadDecisions(
                centreNumber: centre.centreNumber, id: nil, knownAt: .endOfTime, after: try page.after(0), rowLimit: Int32(page.limit)))
        return Response.list(page, decisions, keys: { [$0.recordedAt.rfc3339] }) { decision, json in decision.write(to: &json) }
    }

    /// `GET /v1/label-decisions/{decisionId}`: a decision is public, a proposal is for the network and the centre's staff.
    func getDecision(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        try query.finish()
        let id: DecisionID = try context.path("decisionId")
        if let decision = try await database.all(SQL.ReadDecisions(newest: id)).first {
            return Response.json { json in
                json.member("state", "recorded")
                decision.writeMembers(to: &json)
            }
        }
        let proposal = try await database.first(
            SQL.FindProposal(centreNumber: id.centreColumn, id: id), settings: context.principal.settings)
        guard let proposal else { throw LabelRefusal.notFound }
        return Response.json { json in proposal.writeMembers(to: &json) }
    }
}
