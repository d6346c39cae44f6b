import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Postgres

extension Bookings {
    /// `GET /v1/resources/{resourceId}/booking-terms`: its own, or those of what it stands in.
    func readTerms(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        try query.finish()
        let id: ResourceID = try context.path("resourceId")
        let terms = try await terms(of: id)
        return Response.unlessHeld(terms.eTag, by: request) {
            Response.json(eTag: terms.eTag) { json in terms.writeMembers(of: id, to: &json) }
        }
    }

    /// `PUT /v1/resources/{resourceId}/booking-terms`: for what is booked from now on.
    func setTerms(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: ResourceID = try context.path("resourceId")
        try context.principal.require(.centreManager, at: id.centreColumn)
        let versions = try IfMatch(requiredBy: request)
        let body = try await request.body(ResourceTermsRequest.self, in: context)
        let current = try await terms(of: id)
        try versions.check(version: Int64(current.version))
        let row = try await database.one(
            SQL.SetTerms(
                resource: id, key: try context.principal.keyID, version: current.version, approvalFor: body.approvalFor.map(\.rawValue),
                isSelfService: body.isSelfService, noShowMinutes: body.noShowMinutes, freeWorkingDays: body.freeWorkingDays,
                lateFeePercent: body.lateFeePercent, noShowFeePercent: body.noShowFeePercent))
        switch row.outcome {
        case "changed": break
        case "forbidden": throw Problem.forbidden(roles: [.centreManager])
        case "notFound": throw BookingRefusal.notFound
        case "versionMismatch": throw BookingRefusal.changedMeanwhile(version: row.version ?? current.version)
        default: throw UnknownOutcome(statement: SQL.SetTerms.name, outcome: row.outcome)
        }
        let changed = try await terms(of: id)
        return Response.json(eTag: changed.eTag) { json in changed.writeMembers(of: id, to: &json) }
    }

    private func terms(of id: ResourceID) async throws -> SQL.FindTerms.Row {
        guard let terms = try await database.first(SQL.FindTerms(resource: id)) else { throw BookingRefusal.notFound }
        return terms
    }
}
