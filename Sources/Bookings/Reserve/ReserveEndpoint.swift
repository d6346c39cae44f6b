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
        let submission = try await request.submission(ReserveRequest.self, in: context)
        let verdict = try await reserve(
            submission.body, by: context.principal, idempotency: submission.idempotency, isDryRun: isDryRun)
        switch verdict.outcome {
        case .wouldCreate:
            let booking = Booking(submission.body, verdict, bookedBy: context.principal.organisationID)
            return Response.json { json in
                json.member("verdict", "wouldCreate")
                booking.writePreview(to: &json)
                json.array("rules", verdict.rules) { rule, json in rule.write(to: &json, speaker: context.speaker) }
            }
        case .created, .replayed:
            let booking = Booking(submission.body, verdict, bookedBy: context.principal.organisationID)
            let response = Response.json(
                .created, eTag: ETag(version: Int64(booking.version)), location: "/v1/bookings/\(booking.id)"
            ) { json in booking.writeMembers(to: &json) }
            return verdict.outcome == .replayed ? response.replayed() : response
        }
    }
}
