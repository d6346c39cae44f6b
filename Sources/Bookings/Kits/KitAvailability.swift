import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Bookings {
    /// `GET /v1/kits/{kitId}/availability`: when all of it is free, and what is lacking when.
    func kitAvailability(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: KitID = try context.path("kitId")
        var query = QueryReader(request)
        let window = query.period(days: ReserveRequest.Line.longestDays)
        try query.finish()
        guard let window else { throw BookingRefusal.notFound }
        let found = try await database.first(
            SQL.KitAvailability(
                kit: id, organisation: context.principal.organisationID, fromInstant: window.start, toInstant: window.end))
        guard let found else { throw BookingRefusal.notFound }
        return Response.json { json in
            json.member("kitId", found.id)
            json.member("version", found.version)
            json.member("zone", found.zone)
            json.member("start", window.start)
            json.member("end", window.end)
            json.periods("open", from: found.opens, to: found.closes)
            json.array("steps", found.steps) { step, json in
                json.object { json in
                    json.member("start", step.start)
                    json.member("end", step.end)
                    json.member("free", step.lacking.isEmpty)
                    json.array("lacking", step.lacking)
                }
            }
        }
    }
}

/// A time in which the same members of a kit are lacking.
struct KitStep {
    let start: Instant
    var end: Instant
    /// Their numbers; empty: the kit is free.
    let lacking: [Int32]
}

extension SQL.KitAvailability.Row {
    /// Neighbours in which the same is lacking are one.
    fileprivate var steps: [KitStep] {
        starts.indices.reduce(into: []) { steps, index in
            let lacking = self.lacking[index].split(separator: ",").compactMap { Int32($0) }
            if let last = steps.last, last.lacking == lacking, last.end == starts[index] {
                steps[steps.count - 1].end = ends[index]
            } else {
                steps.append(KitStep(start: starts[index], end: ends[index], lacking: lacking))
            }
        }
    }
}
