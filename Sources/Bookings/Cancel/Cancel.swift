import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

/// Why a booking is cancelled.
struct CancelRequest: RequestObject {
    let reason: String?

    init?(reading fields: inout FieldReader) {
        reason = fields.optional("reason", maximum: 500)
    }
}

extension Bookings {
    /// `POST /v1/bookings/{bookingId}/cancellation`: by its organisation, by the staff of a centre that it touches, or by the network.
    func cancel(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        try query.finish()
        let id: BookingID = try context.path("bookingId")
        let submission = try await request.submission(CancelRequest.self, in: context)
        let versions = try IfMatch(requiredBy: request)
        return try await writes.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID, settings: context.principal.settings
        ) { transaction in
            try await cancel(id, by: context.principal, ifMatch: versions, reason: submission.body.reason, in: transaction)
            return try await answer(.ok, id, for: context.principal, in: transaction)
        }
    }

    private func cancel(
        _ id: BookingID, by principal: Principal, ifMatch versions: IfMatch, reason: String?, in transaction: borrowing PostgresTransaction
    ) async throws {
        let (booking, _) = try await find(id, for: principal, in: transaction)
        guard versions.matches(version: Int64(booking.version)) else {
            throw BookingRefusal.changedMeanwhile(version: booking.version)
        }
        let row = try await transaction.one(
            SQL.Cancel(booking: id, key: try principal.keyID, version: booking.version, reason: reason))
        switch row.outcome {
        case "cancelled": return
        // It was found: whoever may read a booking is told that it may not cancel it.
        case "notFound", "forbidden": throw BookingRefusal.notAllowedToCancel
        case "versionMismatch": throw BookingRefusal.changedMeanwhile(version: row.version ?? booking.version)
        case "notCancellable": throw BookingRefusal.notCancellable(state: row.state.flatMap(BookingState.init) ?? booking.state)
        case "alreadyStarted": throw BookingRefusal.alreadyStarted
        case "equipmentOut": throw BookingRefusal.equipmentOut
        default: throw UnknownOutcome(statement: SQL.Cancel.name, outcome: row.outcome)
        }
    }
}
