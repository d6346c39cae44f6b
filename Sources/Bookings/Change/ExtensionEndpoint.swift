import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Postgres

/// Until when a booking is to last.
struct ExtensionRequest: RequestObject {
    let end: Instant
    let reason: String?

    init?(reading fields: inout FieldReader) {
        let end: Instant? = fields.required("end")
        reason = fields.optional("reason", maximum: 500)
        guard let end else { return nil }
        self.end = end
    }
}

extension Bookings {
    /// `POST /v1/bookings/{bookingId}/extension`: its last lines end at another time, also while they are in use, if that is free.
    func extend(_ request: Request, _ context: MemberContext) async throws -> Response {
        try await act(request, context, as: ExtensionRequest.self, done: ["changed"]) { command, transaction in
            let statement = try SQL.Change(command.booking, until: command.body, key: command.key)
            let wanted = ReserveRequest(again: command.booking, until: command.body.end)
            return try await transaction.one(statement).outcome(command.booking, wanted: wanted)
        }
    }
}

extension Booking {
    /// When each line ends if those that end last end at another time.
    func ends(until end: Instant?) -> [Instant] {
        let last = lines.map(\.period.end).max()
        return lines.map { $0.period.end == last ? end ?? $0.period.end : $0.period.end }
    }
}

extension SQL.Change {
    /// Everything as it is, but for the lines that end last.
    fileprivate init(_ booking: Booking, until body: ExtensionRequest, key: KeyID) throws {
        let ends = booking.ends(until: body.end)
        guard zip(booking.lines, ends).allSatisfy({ $0.period.start < $1 }) else {
            throw Problem.requestInvalid([
                ProblemIssue(in: .body, name: "/end", code: "endBeforeStart", detail: Text("reason.endBeforeStart"))
            ])
        }
        self.init(
            booking: booking.id, key: key, version: booking.version, reason: body.reason, activity: booking.activity,
            audiences: booking.audiences.map(\.audience), headCounts: booking.audiences.map(\.headCount),
            accompanying: booking.accompanying, title: booking.title, contactName: booking.contactName,
            contactEmail: booking.contactEmail, programme: booking.programme, resources: booking.lines.map(\.resource),
            starts: booking.lines.map(\.period.start), ends: ends, seats: booking.lines.map { $0.isExclusive ? 0 : $0.seats },
            persons: booking.lines.map { $0.persons ?? -1 }, supervision: booking.supervision, overridden: nil, dryRun: false,
            holderRoles: booking.holders.map(\.role.rawValue), holders: booking.holders.map(\.holder),
            offer: booking.offer)
    }
}
