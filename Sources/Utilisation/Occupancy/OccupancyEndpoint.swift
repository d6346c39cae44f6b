import Access
package import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Utilisation {
    private static let longestDays = 366

    /// `GET /v1/centres/{centreId}/utilisation?from=&to=`: every resource of a centre, the idle ones with 0.
    func occupancy(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let from: LocalDay? = query.required("from")
        let to: LocalDay? = query.required("to")
        if let from, let to, to < from { query.refuse("to", Text("reason.dayBefore")) }
        if let from, let to, to >= from.adding(days: Self.longestDays) {
            query.refuse("to", Text("reason.tooManyDays", ["days": .number(Self.longestDays)]))
        }
        try query.finish()
        let id: CentreID = try context.path("centreId")
        let number = id.centreColumn
        guard let centre = try await database.first(SQL.CentreReported(id: id)), let from, let to else { throw Problem.notFound }
        try context.principal.require(.centreStaff, .centreManager, .networkManager, .networkAuditor, at: number)
        let rows = try await database.all(SQL.OccupancyOfCentre(centreNumber: number, firstDay: from, lastDay: to))
        return Response.json { json in
            json.member("centreId", id)
            json.member("from", from)
            json.member("to", to)
            json.member("zone", centre.zone)
            json.member("knownAt", centre.now)
            json.member("unit", "workstationMinutes")
            json.array("resources", rows)
            json.object("totals") { json in
                for (name, kind) in [("platforms", "platform"), ("equipment", "equipment")] {
                    let total = rows.filter { $0.kind == kind && !$0.isPart }.map(\.figures).reduce(OccupancyFigures(), +)
                    json.object(name) { json in total.writeMembers(to: &json) }
                }
            }
        }
    }
}

extension SQL.OccupancyOfCentre.Row: JSONWritable {
    var figures: OccupancyFigures {
        OccupancyFigures(
            bookableMinutes: bookableMinutes, bookedMinutes: bookedMinutes, bookedOutsideMinutes: bookedOutsideMinutes,
            bookings: bookings)
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("resourceId", resourceId)
            json.member("kind", kind)
            json.member("name", name)
            json.member("siteId", siteId)
            json.member("capacity", capacity)
            figures.writeMembers(to: &json)
        }
    }
}
