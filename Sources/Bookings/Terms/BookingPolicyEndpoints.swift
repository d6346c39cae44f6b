import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

/// What holds for every booking, as it is replaced.
struct BookingPolicyRequest: RequestObject {
    let holdsPerOrganisation: Int32
    let approvalHours: Int32
    let acceptMinutes: Int32
    let earlyCheckInMinutes: Int32
    let forgottenCheckOutMinutes: Int32

    init?(reading fields: inout FieldReader) {
        let holds: Int32? = fields.required("holdsPerOrganisation", in: 0...1_000)
        let approval: Int32? = fields.required("approvalHours", in: 1...720)
        let accept: Int32? = fields.required("acceptMinutes", in: 5...10_080)
        let early: Int32? = fields.required("earlyCheckInMinutes", in: 0...240)
        let forgotten: Int32? = fields.required("forgottenCheckOutMinutes", in: 0...1_440)
        guard let holds, let approval, let accept, let early, let forgotten else { return nil }
        holdsPerOrganisation = holds
        approvalHours = approval
        acceptMinutes = accept
        earlyCheckInMinutes = early
        forgottenCheckOutMinutes = forgotten
    }
}

extension SQL.ReadBookingPolicy.Row {
    fileprivate var eTag: ETag { ETag(version: Int64(version)) }

    /// Writes the members of the contract's `BookingPolicy`.
    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("holdsPerOrganisation", holdsPerOrganisation)
        json.member("approvalHours", approvalHours)
        json.member("acceptMinutes", acceptMinutes)
        json.member("earlyCheckInMinutes", earlyCheckInMinutes)
        json.member("forgottenCheckOutMinutes", forgottenCheckOutMinutes)
        json.member("version", version)
    }
}

extension Bookings {
    /// `GET /v1/booking-policy`.
    func getPolicy(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        try query.finish()
        let policy = try await database.one(SQL.ReadBookingPolicy())
        return Response.unlessHeld(policy.eTag, by: request) {
            Response.json(eTag: policy.eTag) { json in policy.writeMembers(to: &json) }
        }
    }

    /// `PUT /v1/booking-policy`: for what is held, asked and offered from now on.
    func changePolicy(_ request: Request, _ context: MemberContext) async throws -> Response {
        let versions = try IfMatch(requiredBy: request)
        let policy = try await request.body(BookingPolicyRequest.self, in: context)
        let current = try await database.one(SQL.ReadBookingPolicy())
        try versions.check(version: Int64(current.version))
        let row = try await database.one(
            SQL.ChangeBookingPolicy(
                version: current.version, holds: policy.holdsPerOrganisation, approvalHours: policy.approvalHours,
                acceptMinutes: policy.acceptMinutes, earlyCheckInMinutes: policy.earlyCheckInMinutes,
                forgottenCheckOutMinutes: policy.forgottenCheckOutMinutes, by: try context.principal.keyID))
        let changed = try await database.one(SQL.ReadBookingPolicy())
        switch row.outcome {
        case "changed": return Response.json(eTag: changed.eTag) { json in changed.writeMembers(to: &json) }
        case "versionMismatch": throw Problem.preconditionFailed(current: changed.eTag)
        case "forbidden": throw Problem.forbidden(roles: [.networkManager])
        default: throw UnknownOutcome(statement: SQL.ChangeBookingPolicy.name, outcome: row.outcome)
        }
    }
}
