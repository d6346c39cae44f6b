import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Bookings {
    /// `POST /v1/booking-calendar-imports`: an event a booking; its `UID`, and its `RECURRENCE-ID` in a series, say which is meant.
    func importBookingCalendar(_ request: Request, _ context: MemberContext) async throws -> Response {
        let principal = context.principal
        _ = try principal.keyID
        var query = QueryReader(request)
        let defaults = EventDefaults(reading: &query)
        let firstDay: LocalDay? = query.optional("firstDay")
        let lastDay: LocalDay? = query.optional("lastDay")
        let order = try await ImportOrder(request, of: CalendarFile.mediaType, reading: &query, in: context)
        let events = BookingEvents(try CalendarFile.calendars(in: order.bytes), defaults)
        let things = try await database.transaction(settings: principal.settings) { transaction in
            try await NamedThings.find(events.wordings, in: transaction)
        }
        let calendar = BookingCalendar(events, things, from: firstDay, through: lastDay)
        return try await enter(BookingFile(calendar, things, for: principal.organisationID), order, context)
    }
}
