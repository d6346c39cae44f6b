import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Bookings {
    /// `GET /v1/resources/{resourceId}/calendar`: what is taken of a resource, day by day of its site, without personal data.
    func calendar(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let from: LocalDay? = query.optional("from")
        let days: Int = query.optional("days", in: 1...31) ?? 7
        try query.finish()
        let id: ResourceID = try context.path("resourceId")
        guard let resource = try await database.first(SQL.BookableResource(resource: id)) else { throw BookingRefusal.notFound }
        guard let zone = Zone(resource.zone) else { throw UnknownZone(name: resource.zone) }
        let first = from ?? zone.day(of: context.receivedAt).mondayOfItsWeek
        let window = (
            start: zone.instant(of: first, .midnight), end: zone.instant(of: first.adding(days: days), .midnight)
        )
        async let open = database.all(SQL.OpenHours(resource: id, fromInstant: window.start, toInstant: window.end))
        let rows = try await database.all(SQL.Calendar(resource: id, fromInstant: window.start, toInstant: window.end))
        let hours = try await open
        return Response.json { json in
            json.member("resourceId", id)
            json.member("zone", resource.zone)
            json.member("from", first)
            json.member("to", first.adding(days: days - 1))
            json.member("capacity", resource.capacity)
            json.array("entries", rows) { entry, json in
                let isVisible = context.principal.sees(entry.organisationId, at: resource.centreNumber)
                entry.write(to: &json, showsBooking: isVisible)
            }
            json.array("open", hours) { hour, json in json.period(hour.starts, hour.ends) }
        }
    }
}

/// A zone of the database that this machine does not know.
struct UnknownZone: Error {
    let name: String
}

extension LocalDay {
    fileprivate var mondayOfItsWeek: LocalDay { adding(days: 1 - weekday) }
}

extension SQL.Calendar.Row {
    fileprivate func write(to json: inout JSONWriter, showsBooking: Bool) {
        json.object { json in
            json.member("start", starts)
            json.member("end", ends)
            if useStarts < useEnds {
                json.name("use")
                json.period(useStarts, useEnds)
            }
            json.member("seats", seats)
            if showsBooking { json.member("bookingId", bookingId) }
        }
    }
}

extension JSONWriter {
    /// `{ "start", "end" }`, half-open.
    mutating func period(_ start: Instant, _ end: Instant) {
        object { json in
            json.member("start", start)
            json.member("end", end)
        }
    }
}

extension Principal {
    /// Whether a booking of this organisation at this centre may be named to the caller.
    func sees(_ organisation: OrganisationID, at centreNumber: Int16) -> Bool {
        organisation == organisationID
            || holds(.centreStaff, .centreManager, .instructor, at: centreNumber)
            || holds(.networkManager, .networkAuditor, at: centreNumber)
    }
}
