import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Labels {
    /// `GET /v1/centres/{centreId}/label-proposals`: what waits for an approval; for the network and the centre's staff.
    func listProposals(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centreID: CentreID = try context.path("centreId")
        var query = QueryReader(request)
        let page = try query.page(of: "listLabelProposals", signer: cursors)
        let centre = try await centre(centreID)
        let proposals = try await database.all(
            SQL.ListProposals(centreNumber: centre.centreNumber, after: try page.after(0), rowLimit: Int32(page.limit)),
            settings: context.principal.settings)
        return Response.list(page, proposals, keys: { [$0.proposedAt.rfc3339] }) { row, json in
            json.object { json in SQL.FindProposal.Row(row).writeMembers(to: &json) }
        }
    }

    /// `POST /v1/label-decisions/{decisionId}/withdrawal`: takes back a proposal that nobody has approved.
    func withdrawProposal(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: DecisionID = try context.path("decisionId")
        let submission = try await request.submission(NothingToSay.self, in: context, orEmpty: true)
        let principal = context.principal
        return try await writes.perform(
            directive: submission.idempotency, organisation: principal.organisationID, settings: principal.settings
        ) { transaction in
            let row = try await transaction.one(
                SQL.WithdrawProposal(centreNumber: id.centreColumn, id: id, by: try principal.keyID))
            guard row.outcome == "withdrawn" else {
                throw LabelRefusal(outcome: row.outcome) ?? UnknownOutcome(statement: SQL.WithdrawProposal.name, outcome: row.outcome)
            }
            guard let proposal = try await transaction.first(SQL.FindProposal(centreNumber: id.centreColumn, id: id)) else {
                throw LabelRefusal.notFound
            }
            return Response.json { json in proposal.writeMembers(to: &json) }
        }
    }
}

extension SQL.FindProposal.Row {
    /// The two statements read the same columns.
    fileprivate init(_ row: SQL.ListProposals.Row) {
        self.init(
            id: row.id, centreId: row.centreId, kind: row.kind, authority: row.authority, reference: row.reference,
            decidedOn: row.decidedOn, effectiveFrom: row.effectiveFrom, effectiveTo: row.effectiveTo, supersedes: row.supersedes,
            note: row.note, proposedAt: row.proposedAt, withdrawnAt: row.withdrawnAt)
    }
}
