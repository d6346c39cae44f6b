import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Centres {
    /// `PUT /v1/centres/{centreId}/carrier`: carriers are dated, the earlier one stays readable.
    func changeCarrier(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id = try context.path("centreId", CentreID.self)
        let ifMatch = try IfMatch(requiredBy: request)
        let body = try await request.body(CarrierSubmission.self, in: context)
        let current = try await centre(id, visibleTo: context.principal)
        try ifMatch.check(version: Int64(current.version))
        guard current.number != 0 else { throw CentresRefusal.centreUnknown }
        guard let zone = Zone(current.zone) else { throw CentresRefusal.zoneUnknown }
        let today = today(in: zone)
        let from = body.from ?? today
        if let had = current.history.carriers.last(where: { $0.from <= today }), from < had.from {
            throw CentresRefusal.carrierInHistory(since: had.from)
        }
        let statement = SQL.ChangeCarrier(
            centreNumber: current.number, carrier: body.carrier.rawValue, fromDay: from, version: current.version)
        guard try await database.first(statement) != nil else { throw CentresRefusal.versionPassed(current: current.version) }
        return try await answer(id, context)
    }

    /// `PUT /v1/centres/{centreId}/successor`: another centre stands in its place from a day on; a label does not pass on.
    func setSuccessor(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id = try context.path("centreId", CentreID.self)
        let ifMatch = try IfMatch(requiredBy: request)
        let body = try await request.body(SuccessorSubmission.self, in: context)
        let current = try await centre(id, visibleTo: context.principal)
        try ifMatch.check(version: Int64(current.version))
        let successor = try await database.first(SQL.FindCentre(id: body.centre), settings: context.principal.settings)
        guard let successor else { throw CentresRefusal.successorUnknown }
        let row = try await database.one(
            SQL.SucceedCentre(
                centreNumber: current.number, successorNumber: successor.centreNumber, fromDay: body.from, version: current.version,
                by: try context.principal.keyID))
        if row.outcome != "recorded" { throw CentresRefusal(succession: row.outcome, current: current.version) }
        return try await answer(id, context)
    }

    private func answer(_ id: CentreID, _ context: MemberContext) async throws -> Response {
        let changed = try await centre(id, visibleTo: context.principal)
        return .json(eTag: changed.eTag) { json in changed.writeMembers(to: &json) }
    }
}
