import Access
import Bookings
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Postgres

/// Another resource for one line of a displaced booking.
struct LineMove: RequestObject {
    let line: Int16
    let resource: ResourceID

    init?(reading fields: inout FieldReader) {
        let line: Int16? = fields.required("line", in: 1...100)
        let resource: ResourceID? = fields.required("resourceId")
        guard let line, let resource else { return nil }
        self.line = line
        self.resource = resource
    }
}

/// The body of `moveBooking`.
struct MoveRequest: RequestObject {
    let moves: [LineMove]

    init?(reading fields: inout FieldReader) {
        guard let moves = fields.array("lines", LineMove.self, count: 1...100) else { return nil }
        if Set(moves.map(\.line)).count < moves.count { fields.refuse("lines", code: "duplicate", Text("reason.lineTwice")) }
        self.moves = moves
    }
}

extension Maintenance {
    /// `GET /v1/bookings/{bookingId}/other-places`: where its lines could go; `without`: as if that resource could not be had.
    func listOtherPlaces(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let without: ResourceID? = query.optional("without")
        let each: Int32 = query.optional("each", in: 1...20) ?? 5
        try query.finish()
        let id: BookingID = try context.path("bookingId")
        _ = try await bookings.find(id, for: context.principal)
        let places = try await database.all(SQL.OtherPlaces(booking: id, each: each, without: without))
        return Response.json { json in json.array("items", places) { $0.write(to: &$1) } }
    }

    /// `POST /v1/bookings/{bookingId}/move`: gives lines of a displaced booking other resources, all or none.
    func moveBooking(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: BookingID = try context.path("bookingId")
        let submission = try await request.submission(MoveRequest.self, in: context)
        let principal = context.principal
        let key = try principal.keyID
        let versions = try IfMatch(requiredBy: request)
        return try await performOrTry(false, submission.idempotency, context) { transaction in
            let (booking, _) = try await bookings.find(id, for: principal, in: transaction)
            try versions.check(version: Int64(booking.version))
            let moves = submission.body.moves
            let row = try await transaction.one(
                SQL.MoveBooking(
                    booking: id, version: booking.version, by: key, lines: moves.map(\.line), resources: moves.map(\.resource)))
            switch row.outcome {
            case "moved": break
            case "refused": throw BookingRefusal.refused(rules: try row.rules.map(RuleExplanation.list) ?? [], alternatives: [])
            case "forbidden": throw BookingRefusal.notAllowedToBook
            case "alreadyStarted": throw BookingRefusal.alreadyStarted
            default: throw try Self.refusal(row.outcome, row.version, of: SQL.MoveBooking.name)
            }
            let (moved, history) = try await bookings.find(id, for: principal, in: transaction)
            return Response.json(eTag: ETag(version: Int64(moved.version))) { json in
                moved.writeMembers(to: &json)
                json.array("history", history)
            }
        }
    }
}

extension SQL.OtherPlaces.Row {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("line", line)
            json.member("resourceId", resourceId)
            json.member("name", name)
            json.member("centreId", centreId)
            json.member("centreName", centreName)
            json.member("siteName", siteName)
            json.member("reason", reason)
            json.member("distanceKm", distanceKm)
            json.member("verdict", verdict)
        }
    }
}
