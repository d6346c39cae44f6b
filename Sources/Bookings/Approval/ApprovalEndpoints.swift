import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Bookings {
    /// `POST /v1/bookings/{bookingId}/approval`: by the staff of a centre that was asked, never by those who ask.
    func approve(_ request: Request, _ context: MemberContext) async throws -> Response {
        try await decide(request, context, approves: true)
    }

    /// `POST /v1/bookings/{bookingId}/rejection`: the same, the other way.
    func reject(_ request: Request, _ context: MemberContext) async throws -> Response {
        try await decide(request, context, approves: false)
    }

    private func decide(_ request: Request, _ context: MemberContext, approves: Bool) async throws -> Response {
        try await act(request, context, as: ReasonRequest.self, done: ["decided"]) { command, transaction in
            let row = try await transaction.one(
                SQL.Decide(
                    booking: command.booking.id, key: command.key, version: command.booking.version, approves: approves,
                    reason: command.body.reason))
            return CommandOutcome(statement: SQL.Decide.name, outcome: row.outcome, version: row.version, state: row.state)
        }
    }
}
