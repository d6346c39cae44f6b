import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Centres {
    /// Names are dated: the earlier one stays readable.
    func renameCentre(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id = try context.path("centreId", CentreID.self)
        try context.principal.require(.centreManager, at: id.centreColumn)
        let ifMatch = try IfMatch(requiredBy: request)
        let body = try await request.body(NameSubmission.self, in: context)
        let current = try await centre(id, visibleTo: context.principal)
        try ifMatch.check(version: Int64(current.version))
        guard let zone = Zone(current.zone) else { throw CentresRefusal.zoneUnknown }
        let today = today(in: zone)
        let from = body.from ?? today
        // What was borne before the name of today is history.
        if let borne = current.names.last(where: { $0.from <= today }), from < borne.from {
            throw CentresRefusal.renamedInHistory(since: borne.from)
        }
        let statement = SQL.RenameCentre(
            centreNumber: current.number, name: body.name, fromDay: from, version: current.version)
        guard try await database.first(statement) != nil else { throw CentresRefusal.versionPassed(current: current.version) }
        let renamed = try await centre(id, visibleTo: context.principal)
        return .json(eTag: renamed.eTag) { json in renamed.writeMembers(to: &json) }
    }
}
