import Access
import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel
import Postgres

extension Bookings {
    /// `GET /v1/bookings.csv`: what the caller may see, a line of a booking a line, as ``importBookings(_:_:)`` takes it.
    func exportBookings(_ request: Request, _ context: MemberContext) async throws -> Response {
        let principal = context.principal
        var query = QueryReader(request)
        let organisation: OrganisationID? = query.optional("organisationId")
        let centre: CentreID? = query.optional("centreId")
        let states = query.list("state", BookingState.self)
        let from: Instant? = query.optional("from")
        let to: Instant? = query.optional("to")
        let part = try query.part(of: "exportBookings", signer: cursors, size: Self.mostRows)
        let question = SQL.ListForExport(
            organisationId: organisation, centreNumber: centre?.centreColumn, states: states.isEmpty ? nil : states.map(\.rawValue),
            fromInstant: from, toInstant: to, afterStarts: try part.after(0), afterId: try part.after(1), rowLimit: Int32(part.limit))
        let (lines, isCut, last, own) = try await database.transaction(settings: principal.settings) { transaction in
            let listed = try await transaction.all(question)
            let taken = listed.prefix(whole: Self.mostRows)
            let lines = try await transaction.all(SQL.ListBookedLines(bookings: taken.map(\.id)))
            var own: [BookingID: String] = [:]
            if let key = try? principal.keyID {
                for row in try await transaction.all(SQL.ListOwnReferences(key: key, bookings: taken.map(\.id))) {
                    own[row.bookingId] = row.ownReference
                }
            }
            return (lines, taken.count < listed.count, taken.last, own)
        }
        var response = Response.table(BookingColumn.self, lines.map { BookedLine(row: $0).cells(own[$0.id]) }, file: "bookings.csv")
        if isCut, let last { response.headers[.link] = Self.next(part.next(after: [last.starts.rfc3339, "\(last.id)"]), after: request) }
        return response
    }

    /// The address of the file that goes on (RFC 8288).
    private static func next(_ cursor: String, after request: Request) -> String {
        let kept = (request.uri.query ?? "").split(separator: "&").filter { !$0.hasPrefix("after=") }.map(String.init)
        return "<\(request.uri.path)?\((kept + ["after=\(cursor)"]).joined(separator: "&"))>; rel=\"next\""
    }
}

extension [SQL.ListForExport.Row] {
    /// As many bookings as have no more lines than that together; a booking stays whole.
    fileprivate func prefix(whole most: Int) -> ArraySlice<Element> {
        var lines = 0
        return prefix { row in
            lines += Int(row.lines)
            return lines <= most
        }
    }
}
