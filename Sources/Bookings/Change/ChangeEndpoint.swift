import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Platforms
import Postgres

/// What a booking is to be instead; whose it is stays.
struct ChangeRequest: RequestObject {
    let template: ReserveRequest
    let reason: String?
    let override: RuleOverride?

    init?(reading fields: inout FieldReader) {
        if fields.has("organisationId") { fields.refuse("organisationId", Text("reason.organisationStays")) }
        let template = ReserveRequest(reading: &fields)
        reason = fields.optional("reason", maximum: 500)
        override = fields.optionalObject("override")
        guard let template else { return nil }
        self.template = template
    }
}

extension Bookings {
    /// `POST /v1/bookings/{bookingId}/change`: other times, lines or heads at a stroke, or everything as it was.
    func change(_ request: Request, _ context: MemberContext) async throws -> Response {
        let submission = try await request.submission(ChangeRequest.self, in: context)
        return try await change(request, context, submission.body, submission.idempotency)
    }

    private func change(
        _ request: Request, _ context: MemberContext, _ body: ChangeRequest, _ idempotency: IdempotencyDirective?
    ) async throws -> Response {
        var query = QueryReader(request)
        let isDryRun: Bool = query.optional("dryRun") ?? false
        try query.finish()
        let id: BookingID = try context.path("bookingId")
        let versions = try IfMatch(requiredBy: request)
        return try await orAlternatives(for: context.principal, to: id) {
            try await writes.perform(
                directive: isDryRun ? nil : idempotency, organisation: context.principal.organisationID,
                settings: context.principal.settings
            ) { transaction in
                let (booking, _) = try await find(id, for: context.principal, in: transaction)
                guard versions.matches(version: Int64(booking.version)) else {
                    throw BookingRefusal.changedMeanwhile(version: booking.version)
                }
                let row = try await transaction.one(
                    SQL.Change(booking, to: body, key: try context.principal.keyID, isDryRun: isDryRun))
                try row.outcome(booking, wanted: body.template).check(against: booking, done: ["changed", "wouldChange"])
                return isDryRun
                    ? try row.preview(context) : try await answer(.ok, id, for: context.principal, in: transaction)
            }
        }
    }
}

extension SQL.Change {
    init(_ booking: Booking, to body: ChangeRequest, key: KeyID, isDryRun: Bool) {
        let template = body.template
        self.init(
            booking: booking.id, key: key, version: booking.version, reason: body.override?.reason ?? body.reason,
            activity: template.activity.rawValue, audiences: template.audiences.map(\.audience),
            headCounts: template.audiences.map(\.headCount),
            accompanying: template.accompanying, title: template.title, contactName: template.contact?.name,
            contactEmail: template.contact?.email, programme: template.programme, resources: template.lines.map(\.resource),
            starts: template.lines.map(\.period.start), ends: template.lines.map(\.period.end),
            seats: template.lines.map { $0.seats ?? 0 }, persons: template.lines.map { $0.persons ?? -1 },
            supervision: template.supervision?.rawValue, overridden: body.override?.codes.map(\.rawValue), dryRun: isDryRun,
            holderRoles: template.holders.map(\.role.rawValue), holders: template.holders.map(\.holder),
            offer: template.offer)
    }
}

extension SQL.Change.Row {
    /// - Parameter wanted: what was asked for; of what has begun nothing but its end can change, so that no other slot would do.
    func outcome(_ booking: Booking, wanted: ReserveRequest?) throws -> CommandOutcome {
        CommandOutcome(
            statement: SQL.Change.name, outcome: outcome, version: nil, state: state,
            rules: try rules.map(RuleExplanation.list) ?? [], wanted: hasBegun == true ? nil : wanted)
    }

    /// The answer to a dry run.
    fileprivate func preview(_ context: MemberContext) throws -> Response {
        let rules = try rules.map(RuleExplanation.list) ?? []
        return Response.json { json in
            json.member("verdict", "wouldChange")
            json.member("state", state)
            json.array("flags", flags ?? [])
            json.array("rules", rules) { rule, json in rule.write(to: &json, speaker: context.speaker) }
        }
    }
}
