import Access
import HTTPEdge
import Hummingbird
package import Kernel
package import Postgres

/// An approval may name the simulation on which it rests.
struct ApprovalRequest: RequestObject {
    let simulation: SimulationID?

    init?(reading fields: inout FieldReader) {
        simulation = fields.optional("simulationId")
    }
}

extension Labels {
    /// Makes a proposal a decision, under the centre's exclusive lock, and lets it take effect on bookings.
    ///
    /// - Parameter simulation: what the approver has seen; the decision is refused when it would do something else now.
    /// - Throws: ``LabelRefusal``.
    package func approve(
        _ proposal: DecisionID, by key: KeyID, simulation: SimulationID? = nil, in transaction: borrowing PostgresTransaction
    ) async throws -> LabelEffects.Recorded {
        let recorded = try await effects.record(transaction, proposal, key, simulation)
        switch recorded.outcome {
        case "recorded": return recorded
        case "simulationChanged": throw SimulationChanged(differences: recorded.bookings)
        default:
            throw LabelRefusal(outcome: recorded.outcome) ?? UnknownOutcome(statement: "recordDecision", outcome: recorded.outcome)
        }
    }

    /// `POST /v1/label-decisions/{decisionId}/approval`.
    func approveDecision(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: DecisionID = try context.path("decisionId")
        let submission = try await request.submission(ApprovalRequest.self, in: context, orEmpty: true)
        let principal = context.principal
        return try await writes.perform(directive: submission.idempotency, organisation: principal.organisationID) { transaction in
            let recorded = try await approve(
                id, by: try principal.keyID, simulation: submission.body.simulation, in: transaction)
            let decision = try await transaction.one(SQL.ReadDecisions(newest: id))
            return Response.json { json in
                json.member("decision", decision)
                json.member("touchedBookings", recorded.planned)
                json.array("effects", recorded.bookings) { booking, json in
                    json.object { json in
                        json.member("bookingId", booking.id)
                        json.member("effect", booking.effect)
                    }
                }
            }
        }
    }
}
