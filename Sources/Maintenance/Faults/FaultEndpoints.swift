import Access
import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel
import Postgres

/// The body of `expectBack`.
struct ExpectedReturn: RequestObject {
    /// Nil: not known any more.
    let expectedAt: Instant?

    init(reading fields: inout FieldReader) {
        expectedAt = fields.optional("expectedAt")
    }
}

/// The body of `resolveFault`.
struct Resolution: RequestObject {
    let resolution: String?

    init(reading fields: inout FieldReader) {
        resolution = fields.optional("resolution", maximum: 2_000)
    }
}

extension Maintenance {
    /// `GET /v1/centres/{centreId}/faults`: newest first.
    func listFaults(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centre: CentreID = try context.path("centreId")
        try context.principal.requireReader(at: centre.centreColumn)
        var query = QueryReader(request)
        let resource: ResourceID? = query.optional("resourceId")
        let isOpen: Bool? = query.optional("open")
        let page = try query.page(of: "listFaults \(centre)", signer: cursors)
        let rows = try await database.all(
            SQL.ListFaults(
                centreNumber: centre.centreColumn, id: nil, resourceId: resource, isOpen: isOpen, before: try page.after(0),
                rowLimit: Int32(page.limit)),
            settings: context.principal.settings)
        return .list(page, rows, keys: { [$0.id.description] }) { row, json in json.object { json in row.writeMembers(to: &json) } }
    }

    /// `POST /v1/faults/{faultId}/expected-return`: what begins later gets its place again, what begins before loses it.
    func expectBack(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: FaultID = try context.path("faultId")
        try context.principal.require(.instructor, .centreStaff, .centreManager, at: id.centreColumn)
        let submission = try await request.submission(ExpectedReturn.self, in: context)
        let key = try context.principal.keyID
        return try await change(id, request, submission.idempotency, context) { version, transaction in
            let row = try await transaction.one(
                SQL.ExpectBack(
                    centreNumber: id.centreColumn, id: id, version: version, by: key, expectedAt: submission.body.expectedAt))
            switch row.outcome {
            case "changed": return row.displaced ?? []
            case "past": throw MaintenanceRefusal.past(member: "expectedAt")
            default: throw try Self.refusal(row.outcome, row.version, roles: Self.finders, of: SQL.ExpectBack.name)
            }
        }
    }

    /// `POST /v1/faults/{faultId}/resolution`: the last one that stopped use puts the resource back into service.
    func resolveFault(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: FaultID = try context.path("faultId")
        try context.principal.require(.centreStaff, .centreManager, at: id.centreColumn)
        let submission = try await request.submission(Resolution.self, in: context, orEmpty: true)
        let key = try context.principal.keyID
        return try await change(id, request, submission.idempotency, context) { version, transaction in
            let row = try await transaction.one(
                SQL.ResolveFault(
                    centreNumber: id.centreColumn, id: id, version: version, by: key, resolution: submission.body.resolution))
            guard row.outcome == "resolved" else { throw try Self.refusal(row.outcome, row.version, of: SQL.ResolveFault.name) }
            return []
        }
    }

    /// Does what `verb` does to a fault of the version that the caller read, and answers with the fault as it then is.
    private func change(
        _ id: FaultID, _ request: Request, _ directive: IdempotencyDirective?, _ context: MemberContext,
        _ verb: (Int32, borrowing PostgresTransaction) async throws -> [BookingID]
    ) async throws -> Response {
        let versions = try IfMatch(requiredBy: request)
        return try await performOrTry(false, directive, context) { transaction in
            let current = try await fault(id, in: transaction)
            try versions.check(version: Int64(current.version))
            let displaced = try await verb(current.version, transaction)
            let named = try await transaction.all(SQL.ListBookingsNamed(bookings: displaced))
            return try await fault(id, in: transaction).response(.ok, displaced: named)
        }
    }

    func fault(_ id: FaultID, in transaction: borrowing PostgresTransaction) async throws -> SQL.ListFaults.Row {
        let statement = SQL.ListFaults(
            centreNumber: id.centreColumn, id: id, resourceId: nil, isOpen: nil, before: nil, rowLimit: 1)
        guard let fault = try await transaction.first(statement) else { throw MaintenanceRefusal.notFound }
        return fault
    }
}

extension SQL.ListFaults.Row {
    /// Writes the members of the contract's `Fault`.
    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("resourceId", resourceId)
        json.member("name", name)
        json.member("severity", severity)
        json.member("description", description)
        json.member("expectedAt", expectedAt)
        json.member("outageId", outageId)
        json.member("reportedAt", reportedAt)
        json.member("reportedBy", reportedBy)
        json.member("resolvedAt", resolvedAt)
        json.member("resolution", resolution)
        json.member("version", version)
    }

    func response(_ status: HTTPResponse.Status, displaced: [SQL.ListBookingsNamed.Row]) -> Response {
        .json(status, eTag: ETag(version: Int64(version))) { json in
            writeMembers(to: &json)
            json.array("displaced", displaced) { $0.write(to: &$1) }
        }
    }
}
