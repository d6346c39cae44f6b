import Access
import HTTPEdge
import Hummingbird
package import Kernel
package import Postgres

extension Labels {
    /// Proposes a decision; another person's approval makes it one.
    /// - Throws: ``LabelRefusal`` for what cannot be a decision.
    package func propose(
        _ decision: DecisionRequest, id: DecisionID, centreNumber: Int16, by key: KeyID, in transaction: borrowing PostgresTransaction
    ) async throws {
        let row: SQL.ProposeDecision.Row
        do {
            row = try await transaction.one(
                SQL.ProposeDecision(
                    centreNumber: centreNumber, id: id, kind: decision.kind.rawValue, authority: decision.authority,
                    reference: decision.reference, decidedOn: decision.decidedOn, effectiveFrom: decision.effectiveFrom,
                    effectiveTo: decision.effectiveTo, supersedes: decision.supersedes, note: decision.note, by: key))
        } catch {
            throw error.labelRefusal
        }
        guard row.outcome != "proposed" else { return }
        throw LabelRefusal(outcome: row.outcome) ?? UnknownOutcome(statement: SQL.ProposeDecision.name, outcome: row.outcome)
    }

    /// `POST /v1/centres/{centreId}/label-decisions`.
    func proposeDecision(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centreID: CentreID = try context.path("centreId")
        let submission = try await request.submission(DecisionRequest.self, in: context)
        let centre = try await centre(centreID)
        let id: DecisionID = identifiers.make(centre: centre.centreNumber)
        let principal = context.principal
        return try await writes.perform(
            directive: submission.idempotency, organisation: principal.organisationID, settings: principal.settings
        ) { transaction in
            try await propose(submission.body, id: id, centreNumber: centre.centreNumber, by: try principal.keyID, in: transaction)
            guard let proposal = try await transaction.first(SQL.FindProposal(centreNumber: centre.centreNumber, id: id)) else {
                throw LabelRefusal.notFound
            }
            return Response.json(.accepted, location: "/v1/label-decisions/\(id)") { json in proposal.writeMembers(to: &json) }
        }
    }
}
