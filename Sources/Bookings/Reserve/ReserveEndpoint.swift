import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels

extension Bookings {
    /// `POST /v1/bookings`: books every line or none; with `dryRun` only says what would happen.
    func reserve(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let isDryRun: Bool = query.optional("dryRun") ?? false
        try query.finish()
        let submission = try await request.submission(NewBookingRequest.self, in: context)
        let template = submission.body.template
        let manner = submission.body.manner
        guard manner.isPlain, !template.leavesChoice else {
            return isDryRun
                ? try await preview(template, manner, context)
                : try await create(template, manner, submission.idempotency, context)
        }
        let verdict = try await reserve(template, by: context.principal, idempotency: submission.idempotency, isDryRun: isDryRun)
        switch verdict.outcome {
        case .wouldCreate: return verdict.preview(of: template, context)
        case .created, .replayed:
            let booking = Booking(template, verdict, bookedBy: context.principal.organisationID)
            let response = Response.json(
                .created, eTag: ETag(version: Int64(booking.version)), location: "/v1/bookings/\(booking.id)"
            ) { json in booking.writeMembers(to: &json) }
            return verdict.outcome == .replayed ? response.replayed() : response
        }
    }
}
