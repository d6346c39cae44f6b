import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Postgres

/// A workstation that gets an identity.
struct WorkstationRequest: RequestObject {
    let name: String
    /// Those of one model can be asked for by number: "any three of it".
    let model: String?

    init?(reading fields: inout FieldReader) {
        let name = fields.required("name", maximum: 200)
        model = fields.optional("model", maximum: 200)
        guard let name else { return nil }
        self.name = name
    }
}

extension Platforms {
    /// `POST /v1/platforms/{platformId}/workstations`.
    func addWorkstation(_ request: Request, _ context: MemberContext) async throws -> Response {
        let platform: ResourceID = try context.path("platformId")
        try context.principal.require(.centreManager, at: platform.centreColumn)
        let submission = try await request.submission(WorkstationRequest.self, in: context)
        let id: ResourceID = identifiers.make(centre: platform.centreColumn)
        return try await writes.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID
        ) { transaction in
            let workstation = try await add(submission.body, id: id, to: platform, in: transaction)
            return Response.json(.created, eTag: workstation.eTag, location: "/v1/platforms/\(platform)/workstations") { json in
                workstation.writeMembers(to: &json)
            }
        }
    }

    private func add(
        _ new: WorkstationRequest, id: ResourceID, to platform: ResourceID, in transaction: borrowing PostgresTransaction
    ) async throws -> SQL.ListWorkstations.Row {
        let statement = SQL.AddWorkstation(
            centreNumber: platform.centreColumn, platformId: platform, id: id, groupId: identifiers.make(centre: platform.centreColumn),
            name: new.name, model: new.model)
        do {
            guard try await transaction.one(statement).createdAt != nil else { throw PlatformRefusal.notFound }
        } catch let error as PostgresError {
            throw error.platformRefusal
        }
        let added = try await transaction.all(SQL.ListWorkstations(platformId: platform, id: id, after: nil, rowLimit: 1))
        guard let workstation = added.first else { throw PlatformRefusal.notFound }
        return workstation
    }

    /// `GET /v1/platforms/{platformId}/workstations`: those with an identity, and how many there are of each model.
    func listWorkstations(_ request: Request, _ context: MemberContext) async throws -> Response {
        let platform = try await platform(try context.path("platformId"))
        var query = QueryReader(request)
        let page = try query.page(of: "listWorkstations \(platform.id)", signer: cursors)
        let rows = try await database.all(
            SQL.ListWorkstations(platformId: platform.id, id: nil, after: try page.after(0), rowLimit: Int32(page.limit)))
        return Response.list(page, rows, keys: { [$0.id.description] }) { row, json in
            json.object { json in row.writeMembers(to: &json) }
        }
    }

    /// `GET /v1/platforms/{platformId}/workstation-groups`: how many workstations of each model there are.
    func listWorkstationGroups(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let platform = try await platform(try context.path("platformId"))
        let groups = try await database.all(SQL.ListWorkstationGroups(platformId: platform.id))
        return Response.json { json in
            json.array("items", groups) { group, json in
                json.object { json in
                    json.member("id", group.id)
                    json.member("model", group.model)
                    json.member("workstations", group.workstations)
                }
            }
        }
    }

    /// `POST /v1/workstations/{workstationId}/retirement`: no bookings any more; refused while there are some to come.
    func retireWorkstation(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: ResourceID = try context.path("workstationId")
        try context.principal.require(.centreManager, at: id.centreColumn)
        let submission = try await request.submission(NothingToSay.self, in: context, orEmpty: true)
        let versions = try IfMatch(requiredBy: request)
        return try await writes.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID
        ) { transaction in
            let retired = try await retire(id, ifMatch: versions, in: transaction)
            return Response.json(eTag: retired.eTag) { json in retired.writeMembers(to: &json) }
        }
    }

    private func retire(
        _ id: ResourceID, ifMatch versions: IfMatch, in transaction: borrowing PostgresTransaction
    ) async throws -> SQL.ListWorkstations.Row {
        guard let place = try await transaction.first(SQL.PlatformOfWorkstation(id: id)) else { throw PlatformRefusal.notFound }
        let this = SQL.ListWorkstations(platformId: place.platformId, id: id, after: nil, rowLimit: 1)
        guard let current = try await transaction.first(this) else { throw PlatformRefusal.notFound }
        try versions.check(version: Int64(current.version))
        let row = try await transaction.one(SQL.RetireWorkstation(centreNumber: id.centreColumn, id: id, version: current.version))
        switch (row.outcome, row.version, row.takenAt) {
        case ("retired", _, _): break
        case ("notFound", _, _): throw PlatformRefusal.notFound
        case ("versionMismatch", let version?, _): throw PlatformRefusal.changedMeanwhile(version: version)
        case ("alreadyRetired", _, _): throw PlatformRefusal.workstationRetired
        case ("workstationInUse", _, let moment?): throw PlatformRefusal.workstationInUse(at: moment, zone: place.zone)
        default: throw UnknownOutcome(statement: SQL.RetireWorkstation.name, outcome: row.outcome)
        }
        guard let retired = try await transaction.first(this) else { throw PlatformRefusal.notFound }
        return retired
    }
}

extension SQL.ListWorkstations.Row {
    var eTag: ETag { ETag(version: Int64(version)) }

    /// Writes the members of the contract's `Workstation`.
    func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("name", name)
        json.member("model", model)
        json.member("groupId", groupId)
        json.member("retiredAt", retiredAt)
        json.member("version", version)
    }
}
