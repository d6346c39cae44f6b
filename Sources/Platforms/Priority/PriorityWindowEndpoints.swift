import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Postgres

extension Platforms {
    /// `GET /v1/resources/{resourceId}/priority-windows`: its own, then those of what it stands in.
    func listPriorityWindows(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        return try await priorityWindows(of: try context.path("resourceId"))
    }

    /// `PUT /v1/resources/{resourceId}/priority-windows`: replaces its own, for new bookings.
    func setPriorityWindows(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: ResourceID = try context.path("resourceId")
        try context.principal.require(.centreManager, at: id.centreColumn)
        let versions = try IfMatch(requiredBy: request)
        let body = try await request.body(PriorityWindowsRequest.self, in: context)
        guard let resource = try await database.first(SQL.FindResource(id: id)) else { throw PlatformRefusal.notFound }
        try versions.check(version: Int64(resource.version))
        let row = try await database.one(
            SQL.SetPriorityWindows(
                centreNumber: id.centreColumn, id: id, version: resource.version, names: body.windows.map(\.name),
                audiences: body.windows.map { $0.audiences.map(\.text).joined(separator: ",") },
                seasonFrom: body.windows.map(\.from.number), seasonTo: body.windows.map(\.to.number),
                releaseDays: body.windows.map { $0.releaseDays ?? -1 }))
        switch (row.outcome, row.version) {
        case ("changed", _): return try await priorityWindows(of: id)
        case ("versionMismatch", let version?): throw PlatformRefusal.changedMeanwhile(version: version)
        case ("notFound", _): throw PlatformRefusal.notFound
        default: throw UnknownOutcome(statement: SQL.SetPriorityWindows.name, outcome: row.outcome)
        }
    }

    private func priorityWindows(of id: ResourceID) async throws -> Response {
        guard let resource = try await database.first(SQL.FindResource(id: id)) else { throw PlatformRefusal.notFound }
        let windows = try await database.all(SQL.ListPriorityWindows(id: id))
        return Response.json(eTag: ETag(version: Int64(resource.version))) { json in
            json.member("resourceId", id)
            json.array("windows", windows) { window, json in
                json.object { json in
                    json.member("of", window.resourceId)
                    json.member("name", window.name)
                    json.array("audiences", window.audiences)
                    json.member("from", MonthDay(number: window.seasonFrom))
                    json.member("to", MonthDay(number: window.seasonTo))
                    json.member("releaseDays", window.releaseDays)
                }
            }
        }
    }
}
