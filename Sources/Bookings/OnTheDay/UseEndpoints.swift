import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Postgres

extension Bookings {
    /// `POST /v1/bookings/{bookingId}/check-in`: the use begins; the gate is asked once more, and so is who holds what.
    func checkIn(_ request: Request, _ context: MemberContext) async throws -> Response {
        try await act(request, context, as: CheckInRequest.self, done: ["checkedIn"]) { command, transaction in
            let row = try await transaction.one(
                SQL.CheckIn(
                    booking: command.booking.id, key: command.key, version: command.booking.version, lines: command.body.lines))
            return CommandOutcome(
                statement: SQL.CheckIn.name, outcome: row.outcome, version: row.version, state: row.state,
                rules: try row.rules.map(RuleExplanation.list) ?? [])
        }
    }

    /// `POST /v1/bookings/{bookingId}/check-out`: the use ends, and the time that is left is free.
    func checkOut(_ request: Request, _ context: MemberContext) async throws -> Response {
        try await act(request, context, as: CheckOutRequest.self, done: ["checkedOut"]) { command, transaction in
            let attendance = command.body.attendance
            let row = try await transaction.one(
                SQL.CheckOut(
                    booking: command.booking.id, key: command.key, version: command.booking.version, lines: command.body.lines,
                    audiences: attendance?.audiences.map(\.audience), headCounts: attendance?.audiences.map(\.headCount),
                    accompanying: attendance?.accompanying, incident: command.body.incident))
            return CommandOutcome(statement: SQL.CheckOut.name, outcome: row.outcome, version: row.version, state: row.state)
        }
    }

    /// `POST /v1/bookings/{bookingId}/use-reports`: who came, or an incident, during the use or after.
    func reportUse(_ request: Request, _ context: MemberContext) async throws -> Response {
        try await act(request, context, as: UseReportRequest.self, done: ["recorded"]) { command, transaction in
            let attendance = command.body.attendance
            let row = try await transaction.one(
                SQL.RecordUse(
                    booking: command.booking.id, key: command.key, version: command.booking.version,
                    audiences: attendance?.audiences.map(\.audience), headCounts: attendance?.audiences.map(\.headCount),
                    accompanying: attendance?.accompanying, incident: command.body.incident))
            return CommandOutcome(statement: SQL.RecordUse.name, outcome: row.outcome, version: row.version, state: row.state)
        }
    }

    /// `POST /v1/bookings/{bookingId}/no-show`: the staff confirms that nobody came.
    func markNoShow(_ request: Request, _ context: MemberContext) async throws -> Response {
        try await act(request, context, as: ReasonRequest.self, done: ["marked"]) { command, transaction in
            let row = try await transaction.one(
                SQL.MarkNoShow(
                    booking: command.booking.id, key: command.key, version: command.booking.version, reason: command.body.reason))
            return CommandOutcome(statement: SQL.MarkNoShow.name, outcome: row.outcome, version: row.version, state: row.state)
        }
    }
}
