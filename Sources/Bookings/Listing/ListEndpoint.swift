import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Bookings {
    /// `GET /v1/bookings`: what the caller may see, by start.
    func list(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let organisation: OrganisationID? = query.optional("organisationId")
        let centre: CentreID? = query.optional("centreId")
        let states = query.list("state", BookingState.self)
        let flag: BookingFlag? = query.optional("flag")
        let offer: OfferID? = query.optional("offerId")
        let from: Instant? = query.optional("from")
        let to: Instant? = query.optional("to")
        let page = try query.page(of: "listBookings", signer: cursors)
        let bookings = try await database.all(
            SQL.ListBookings(
                organisationId: organisation, centreNumber: centre?.centreColumn,
                states: states.isEmpty ? nil : states.map(\.rawValue), flag: flag?.rawValue, offerId: offer,
                fromInstant: from, toInstant: to, afterStarts: try page.after(0), afterId: try page.after(1), rowLimit: Int32(page.limit)),
            settings: context.principal.settings)
        let lines = try await database.all(SQL.ListLines(bookings: bookings.map(\.id)), settings: context.principal.settings)
        let linesOf = Dictionary(grouping: lines, by: \.bookingId)
        return Response.list(page, bookings, keys: { [$0.starts.rfc3339, $0.id.description] }) { row, json in
            let booking = Booking(SQL.FindBooking.Row(row), lines: (linesOf[row.id] ?? []).compactMap(Booking.Line.init))
            json.object { json in booking.writeMembers(to: &json) }
        }
    }
}

extension SQL.FindBooking.Row {
    /// The two statements read the same columns.
    fileprivate init(_ row: SQL.ListBookings.Row) {
        self.init(
            id: row.id, reference: row.reference, organisationId: row.organisationId, state: row.state, flags: row.flags,
            starts: row.starts, ends: row.ends, activity: row.activity, audiences: row.audiences, headCounts: row.headCounts,
            accompanying: row.accompanying, title: row.title, contactName: row.contactName, contactEmail: row.contactEmail,
            programme: row.programme, supervision: row.supervision, labelStatus: row.labelStatus, labelDecisionId: row.labelDecisionId,
            fileNumber: row.fileNumber,
            conditionalUntil: row.conditionalUntil, atRiskUntil: row.atRiskUntil, createdAt: row.createdAt, version: row.version,
            seriesId: row.seriesId, occurrenceStarts: row.occurrenceStarts, expiresAt: row.expiresAt, holderRoles: row.holderRoles,
            holders: row.holders, offerId: row.offerId, organisationName: row.organisationName)
    }
}
