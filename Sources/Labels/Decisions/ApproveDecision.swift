import Access
import HTTPEdge
import Hummingbird
package import Kernel
package import Postgres

/// An approval says nothing of its own.
struct ApprovalRequest: RequestObject {
    init?(reading fields: inout FieldReader) {}
}

extension Labels {
    /// Makes a proposal a decision, under the centre's exclusive lock, and lets it take effect on bookings.
    /// - Returns: the bookings that it suspended.
    /// - Throws: ``LabelRefusal``.
    package func approve(_ proposal: DecisionID, by key: KeyID, in transaction: borrowing PostgresTransaction) async throws -> [BookingID] {
        let centreNumber = proposal.centreColumn
        let row = try await transaction.one(SQL.ApproveDecision(centreNumber: centreNumber, proposal: proposal, by: key))
        switch row.outcome {
        case "recorded": return try await effect(transaction, centreNumber, key)
        case "notFound": throw LabelRefusal.notFound
        case "alreadyApproved": throw LabelRefusal.alreadyApproved
        case "samePerson": throw LabelRefusal.samePerson
        case "supersedesUnknown": throw LabelRefusal.supersedesUnknown
        case "alreadySuperseded": throw LabelRefusal.alreadySuperseded
        default: throw UnknownOutcome(statement: SQL.ApproveDecision.name, outcome: row.outcome)
        }
    }

    /// `POST /v1/label-decisions/{decisionId}/approval`.
    func approveDecision(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: DecisionID = try context.path("decisionId")
        let submission = try await request.submission(ApprovalRequest.self, in: context, orEmpty: true)
        let principal = context.principal
        return try await writes.perform(directive: submission.idempotency, organisation: principal.organisationID) { transaction in
            let suspended = try await approve(id, by: try principal.keyID, in: transaction)
            let decision = try await transaction.one(SQL.ReadDecisions(newest: id))
            return Response.json { json in
                json.member("decision", decision)
                json.array("suspendedBookings", suspended)
            }
        }
    }
}
