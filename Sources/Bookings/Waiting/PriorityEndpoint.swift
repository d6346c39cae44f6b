import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

/// Before whom a waiting booking comes.
struct WaitingPriorityRequest: RequestObject {
    let priority: Int16
    let reason: String

    init?(reading fields: inout FieldReader) {
        let priority: Int32? = fields.required("priority", in: -100...100)
        let reason = fields.required("reason", maximum: 500)
        guard let priority, let reason else { return nil }
        self.priority = Int16(priority)
        self.reason = reason
    }
}

extension Bookings {
    /// `POST /v1/bookings/{bookingId}/waiting-priority`: the staff of every centre concerned puts it before others, and says why.
    func prioritise(_ request: Request, _ context: MemberContext) async throws -> Response {
        try await act(request, context, as: WaitingPriorityRequest.self, done: ["changed"]) { command, transaction in
            let row = try await transaction.one(
                SQL.SetPriority(
                    booking: command.booking.id, key: command.key, version: command.booking.version, priority: command.body.priority,
                    reason: command.body.reason))
            return CommandOutcome(statement: SQL.SetPriority.name, outcome: row.outcome, version: row.version)
        }
    }
}
