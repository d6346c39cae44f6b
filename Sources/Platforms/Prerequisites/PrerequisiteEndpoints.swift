import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Postgres

/// The body of `setPrerequisites`: all of them.
struct PrerequisitesRequest: RequestObject {
    let prerequisites: [Prerequisite]

    init?(reading fields: inout FieldReader) {
        if !fields.has("prerequisites") { fields.refuse("prerequisites", code: "missing", Text("reason.missing")) }
        guard let prerequisites = fields.array("prerequisites", Prerequisite.self, count: 0...20) else { return nil }
        self.prerequisites = prerequisites
    }
}

extension Platforms {
    /// `GET /v1/resources/{resourceId}/prerequisites`: its own, then those of what it stands in.
    func listPrerequisites(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        return try await prerequisites(of: try context.path("resourceId"))
    }

    /// `PUT /v1/resources/{resourceId}/prerequisites`: replaces its own, for bookings and check-ins from now on.
    func setPrerequisites(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: ResourceID = try context.path("resourceId")
        try context.principal.require(.centreManager, at: id.centreColumn)
        let versions = try IfMatch(requiredBy: request)
        let body = try await request.body(PrerequisitesRequest.self, in: context)
        guard let resource = try await database.first(SQL.FindResource(id: id)) else { throw PlatformRefusal.notFound }
        try versions.check(version: Int64(resource.version))
        let row = try await database.one(
            SQL.Require(
                centreNumber: id.centreColumn, id: id, version: resource.version, holders: body.prerequisites.map(\.holder.rawValue),
                attestations: body.prerequisites.map(\.attestation.text), notes: body.prerequisites.map { $0.note ?? "" }))
        switch (row.outcome, row.version) {
        case ("changed", _): return try await prerequisites(of: id)
        case ("versionMismatch", let version?): throw PlatformRefusal.changedMeanwhile(version: version)
        case ("notFound", _): throw PlatformRefusal.notFound
        default: throw UnknownOutcome(statement: SQL.Require.name, outcome: row.outcome)
        }
    }

    private func prerequisites(of id: ResourceID) async throws -> Response {
        guard let resource = try await database.first(SQL.FindResource(id: id)) else { throw PlatformRefusal.notFound }
        let rows = try await database.all(SQL.ListPrerequisites(id: id))
        return Response.json(eTag: ETag(version: Int64(resource.version))) { json in
            json.member("resourceId", id)
            json.array("prerequisites", rows) { row, json in
                json.object { json in
                    json.member("of", row.resourceId)
                    json.member("holder", row.holder)
                    json.member("attestation", row.attestation)
                    json.member("note", row.note)
                    json.member("name", row.name)
                    json.member("proof", row.proof)
                }
            }
        }
    }
}
