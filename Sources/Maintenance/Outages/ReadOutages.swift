import Access
import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel
import Postgres

extension Maintenance {
    /// `GET /v1/centres/{centreId}/outages`: those that are not over, of one resource when it is named.
    func listOutages(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centre: CentreID = try context.path("centreId")
        try context.principal.requireReader(at: centre.centreColumn)
        var query = QueryReader(request)
        let resource: ResourceID? = query.optional("resourceId")
        let withPast: Bool = query.optional("withPast") ?? false
        let page = try query.page(of: "listOutages \(centre)", signer: cursors)
        let rows = try await database.all(
            SQL.ListOutages(
                centreNumber: centre.centreColumn, id: nil, resourceId: resource, notOverAt: withPast ? nil : context.receivedAt,
                after: try page.after(0), rowLimit: Int32(page.limit)),
            settings: context.principal.settings)
        return .list(page, rows, keys: { [$0.id.description] }) { row, json in json.object { json in row.writeMembers(to: &json) } }
    }

    /// `GET /v1/outages/{outageId}`: with the bookings that it displaced, and what became of them.
    func readOutage(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: OutageID = try context.path("outageId")
        let settings = context.principal.settings
        guard let outage = try await database.first(.outage(id), settings: settings) else { throw MaintenanceRefusal.notFound }
        let displaced = try await database.all(SQL.ListDisplacedBy(id: id), settings: settings)
        return Response.json(eTag: outage.eTag) { json in
            outage.writeMembers(to: &json)
            json.array("bookings", displaced) { $0.write(to: &$1) }
        }
    }

    /// `POST /v1/outages/{outageId}/end`: gives displaced bookings their place again, where it is free.
    func endOutage(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: OutageID = try context.path("outageId")
        try context.principal.require(.centreStaff, .centreManager, at: id.centreColumn)
        let submission = try await request.submission(NothingToSay.self, in: context, orEmpty: true)
        let key = try context.principal.keyID
        let versions = try IfMatch(requiredBy: request)
        return try await performOrTry(false, submission.idempotency, context) { transaction in
            let current = try await outage(id, in: transaction)
            try versions.check(version: Int64(current.version))
            let row = try await transaction.one(
                SQL.EndOutage(centreNumber: id.centreColumn, id: id, version: current.version, by: key))
            guard row.outcome == "ended" else { throw try Self.refusal(row.outcome, row.version, of: SQL.EndOutage.name) }
            let displaced = try await transaction.all(SQL.ListDisplacedBy(id: id))
            let ended = try await outage(id, in: transaction)
            return Response.json(eTag: ended.eTag) { json in
                ended.writeMembers(to: &json)
                json.array("bookings", displaced) { $0.write(to: &$1) }
            }
        }
    }

    func outage(_ id: OutageID, in transaction: borrowing PostgresTransaction) async throws -> SQL.ListOutages.Row {
        guard let outage = try await transaction.first(SQL.ListOutages.outage(id)) else { throw MaintenanceRefusal.notFound }
        return outage
    }
}

extension PostgresStatement where Self == SQL.ListOutages {
    fileprivate static func outage(_ id: OutageID) -> SQL.ListOutages {
        SQL.ListOutages(centreNumber: id.centreColumn, id: id, resourceId: nil, notOverAt: nil, after: nil, rowLimit: 1)
    }
}

extension Principal {
    /// - Throws: `Problem` 403 for who has no part in what goes wrong at a centre.
    func requireReader(at centre: Int16) throws(Problem) {
        try require(.instructor, .centreStaff, .centreManager, .networkAuditor, at: centre)
    }
}

extension SQL.ListOutages.Row {
    var eTag: ETag { ETag(version: Int64(version)) }

    /// Writes the members of the contract's `Outage`.
    func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("resourceId", resourceId)
        json.member("name", name)
        json.member("zone", zone)
        json.member("cause", cause)
        json.member("start", starts)
        json.member("end", ends)
        json.member("reason", reason)
        json.member("planId", planId)
        json.member("faultId", faultId)
        json.member("recordedAt", recordedAt)
        json.member("endedAt", endedAt)
        json.member("displacedBookings", displaced)
        json.member("version", version)
    }

    func response(_ status: HTTPResponse.Status, displaced: [SQL.ListBookingsNamed.Row], location: String?) -> Response {
        .json(status, eTag: eTag, location: location) { json in
            writeMembers(to: &json)
            json.array("displaced", displaced) { $0.write(to: &$1) }
        }
    }
}

extension SQL.ListDisplacedBy.Row {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("bookingId", bookingId)
            json.member("reference", reference)
            json.member("organisationId", organisationId)
            json.member("start", starts)
            json.member("end", ends)
            json.member("state", state)
            json.member("outcome", outcome)
        }
    }
}
