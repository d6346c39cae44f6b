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
        let statement = SQL.Calendar(resource: id, fromDay: from, at: context.receivedAt, days: Int32(days))
        guard let week = try await database.first(statement) else { throw BookingRefusal.notFound }
        return Response.json(capacity: 512 + 256 * week.starts.count) { json in
            json.member("resourceId", id)
            json.member("zone", week.zone)
            json.member("from", week.firstDay)
            json.member("to", week.firstDay.adding(days: days - 1))
            json.member("capacity", week.capacity)
            week.writeEntries(to: &json, for: context.principal)
            json.periods("open", from: week.opens, to: week.closes)
        }
    }
}

extension SQL.Calendar.Row {
    fileprivate func writeEntries(to json: inout JSONWriter, for principal: Principal) {
        // The centre's staff sees every booking; whether the caller is that needs to be asked once.
        let seesAll = principal.seesBookings(at: centreNumber)
        json.beginArray("entries")
        for index in starts.indices {
            json.beginObject()
            json.member("start", starts[index])
            json.member("end", ends[index])
            if useStarts[index] < useEnds[index] {
                json.name("use")
                json.period(useStarts[index], useEnds[index])
            }
            json.member("seats", seats[index])
            if outages[index] {
                json.member("isOutage", true)
            } else if seesAll || organisations[index] == principal.organisationID {
                json.member("bookingId", bookings[index])
            }
            json.endObject()
        }
        json.endArray()
    }
}

extension JSONWriter {
    /// `{ "start", "end" }`, half-open.
    mutating func period(_ start: Instant, _ end: Instant) {
        beginObject()
        member("start", start)
        member("end", end)
        endObject()
    }

    /// A member that is a list of periods, from two parallel columns.
    mutating func periods(_ name: StaticString, from starts: [Instant], to ends: [Instant]) {
        beginArray(name)
        for index in starts.indices { period(starts[index], ends[index]) }
        endArray()
    }
}

extension Principal {
    /// Whether every booking at this centre may be named to the caller, not only its own organisation's.
    fileprivate func seesBookings(at centreNumber: Int16) -> Bool {
        holds(.centreStaff, .centreManager, .instructor, at: centreNumber)
            || holds(.networkManager, .networkAuditor, at: centreNumber)
    }
}
