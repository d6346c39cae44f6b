import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Postgres

/// A booking with a deadline.
struct HoldRequest: RequestObject {
    let template: ReserveRequest
    let minutes: Int32

    init?(reading fields: inout FieldReader) {
        let template = ReserveRequest(reading: &fields, takesChoice: true)
        minutes = fields.optional("minutes", in: 1...30) ?? 5
        guard let template else { return nil }
        self.template = template
    }
}

extension Bookings {
    /// `POST /v1/holds`: takes the room of a booking for some minutes, under the same rules.
    func hold(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        try query.finish()
        let submission = try await request.submission(HoldRequest.self, in: context)
        let manner = BookingManner(kind: .held, holdMinutes: submission.body.minutes)
        return try await create(submission.body.template, manner, submission.idempotency, context)
    }

    /// `POST /v1/bookings/{bookingId}/confirmation`: makes a hold, an offer of the waiting list or a draft a booking.
    func confirm(_ request: Request, _ context: MemberContext) async throws -> Response {
        try await act(request, context, as: ReasonRequest.self, done: ["confirmed"]) { command, transaction in
            let row = try await transaction.one(
                SQL.Confirm(
                    booking: command.booking.id, key: command.key, version: command.booking.version, reason: command.body.reason))
            return CommandOutcome(
                statement: SQL.Confirm.name, outcome: row.outcome, version: row.version, state: row.state,
                rules: try row.rules.map(RuleExplanation.list) ?? [],
                // A draft whose start has passed has lapsed: it changes to no other slot.
                wanted: row.hasBegun == true ? nil : ReserveRequest(again: command.booking))
        }
    }
}
