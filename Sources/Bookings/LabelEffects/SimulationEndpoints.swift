import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Postgres

/// Nothing to say.
struct SimulationRequest: RequestObject {
    init?(reading fields: inout FieldReader) {}
}

extension Bookings {
    /// `POST /v1/label-decisions/{decisionId}/simulations`: what approving a proposal would do to bookings.
    func simulate(_ request: Request, _ context: MemberContext) async throws -> Response {
        let decision: DecisionID = try context.path("decisionId")
        let submission = try await request.submission(SimulationRequest.self, in: context, orEmpty: true)
        let principal = context.principal
        guard principal.holds(.labelAuthority, .centreManager, at: decision.centreColumn) else { throw BookingRefusal.notFound }
        let id: SimulationID = identifiers.make(centre: decision.centreColumn)
        return try await writes.perform(
            directive: submission.idempotency, organisation: principal.organisationID, settings: principal.settings
        ) { transaction in
            let row = try await transaction.one(
                SQL.SimulateDecision(centreNumber: decision.centreColumn, decision: decision, id: id, key: try principal.keyID))
            guard row.outcome == "simulated" else {
                throw LabelRefusal(outcome: row.outcome) ?? UnknownOutcome(statement: SQL.SimulateDecision.name, outcome: row.outcome)
            }
            guard let found = try await transaction.first(SQL.FindSimulation(centreNumber: decision.centreColumn, id: id)) else {
                throw BookingRefusal.notFound
            }
            return Response.json(.created, location: "/v1/label-simulations/\(id)/bookings") { json in
                json.member("id", id)
                found.writeMembers(to: &json)
            }
        }
    }

    /// `GET /v1/label-simulations/{simulationId}/bookings`: every booking touched, oldest first.
    func listSimulated(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: SimulationID = try context.path("simulationId")
        var query = QueryReader(request)
        let page = try query.page(of: "listSimulatedBookings", signer: cursors)
        let settings = context.principal.settings
        guard try await database.first(SQL.FindSimulation(centreNumber: id.centreColumn, id: id), settings: settings) != nil else {
            throw BookingRefusal.notFound
        }
        let rows = try await database.all(
            SQL.ListSimulated(centreNumber: id.centreColumn, id: id, after: try page.after(0) ?? 0, rowLimit: Int32(page.limit)),
            settings: settings)
        return Response.list(page, rows, keys: { [String($0.number)] }) { row, json in
            json.object { json in LabelEffect(row).writeMembers(to: &json) }
        }
    }

    /// `GET /v1/label-decisions/{decisionId}/effects`: what a decision was to do to bookings, and what became of it.
    func listEffects(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: DecisionID = try context.path("decisionId")
        var query = QueryReader(request)
        let page = try query.page(of: "listLabelEffects", signer: cursors)
        let rows = try await database.all(
            SQL.ListLabelEffects(
                centreNumber: id.centreColumn, decision: id, after: try page.after(0) ?? 0, rowLimit: Int32(page.limit)),
            settings: context.principal.settings)
        return Response.list(page, rows, keys: { [String($0.number)] }) { row, json in
            json.object { json in LabelEffect(row).writeMembers(to: &json) }
        }
    }
}

extension SQL.FindSimulation.Row {
    /// Writes the members of the contract's `LabelSimulation`, all but its id.
    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("decisionId", decisionId)
        json.member("simulatedAt", simulatedAt)
        json.member("isExact", isExact)
        json.member("bookings", bookings)
        json.object("effects") { json in
            for (outcome, count) in zip(outcomes, counts) { json.member(outcome, count) }
        }
    }
}
