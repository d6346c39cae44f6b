import Access
import HTTPEdge
import Hummingbird
package import Kernel
package import Postgres

extension Bookings {
    /// `GET /v1/bookings/{bookingId}`: one booking, as whoever may see it sees it.
    func read(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        try query.finish()
        let id: BookingID = try context.path("bookingId")
        let (booking, history) = try await find(id, for: context.principal)
        let life = try await database.first(SQL.FindBookingLife(id: id), settings: context.principal.settings).map(BookingLife.init)
        let eTag = ETag(version: Int64(booking.version))
        return Response.unlessHeld(eTag, by: request) {
            Response.json(eTag: eTag) { json in
                booking.writeMembers(to: &json)
                json.array("history", history)
                life?.writeMembers(to: &json)
            }
        }
    }

    /// One booking with its history, if the caller may see it.
    /// - Throws: ``BookingRefusal/notFound`` for a missing one and for another's alike.
    package func find(_ id: BookingID, for principal: Principal) async throws -> (Booking, [Booking.Transition]) {
        async let row = database.first(SQL.FindBooking(id: id), settings: principal.settings)
        async let lines = database.all(SQL.ListLines(bookings: [id]), settings: principal.settings)
        async let transitions = database.all(SQL.ListTransitions(id: id), settings: principal.settings)
        return try Booking.found(try await row, try await lines, try await transitions)
    }

    /// As it stands inside a transaction, which has the caller's settings.
    package func find(
        _ id: BookingID, for principal: Principal, in transaction: borrowing PostgresTransaction
    ) async throws -> (Booking, [Booking.Transition]) {
        try Booking.found(
            try await transaction.first(SQL.FindBooking(id: id)),
            try await transaction.all(SQL.ListLines(bookings: [id])),
            try await transaction.all(SQL.ListTransitions(id: id)))
    }
}

extension Booking {
    fileprivate static func found(
        _ row: SQL.FindBooking.Row?, _ lines: [SQL.ListLines.Row], _ transitions: [SQL.ListTransitions.Row]
    ) throws -> (Booking, [Transition]) {
        guard let row else { throw BookingRefusal.notFound }
        return (
            Booking(row, lines: lines.compactMap(Line.init)),
            transitions.map { Transition(version: $0.version, from: $0.fromState, to: $0.toState, at: $0.at, reason: $0.reason) }
        )
    }
}
