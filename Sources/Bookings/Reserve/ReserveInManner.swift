import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Postgres

extension Bookings {
    /// Makes a booking that is not simply booked: a hold, a draft, one that may wait, one for which staff sets rules aside.
    func create(
        _ template: ReserveRequest, _ manner: BookingManner, _ idempotency: IdempotencyDirective?, _ context: MemberContext
    ) async throws -> Response {
        try await orAlternatives(for: context.principal) {
            try await writes.perform(
                directive: idempotency, organisation: context.principal.organisationID, settings: context.principal.settings
            ) { transaction in
                let verdict = try await reserve(template, manner, by: context.principal, isDryRun: false, in: transaction)
                return try await answer(.created, verdict.booking, for: context.principal, in: transaction)
            }
        }
    }

    /// What would happen, taken back.
    func preview(_ template: ReserveRequest, _ manner: BookingManner, _ context: MemberContext) async throws -> Response {
        try await orAlternatives(for: context.principal) {
            let verdict = try await database.transaction(settings: context.principal.settings) { transaction in
                try await reserve(template, manner, by: context.principal, isDryRun: true, in: transaction)
            }
            return verdict.preview(of: verdict.wanted ?? template, context)
        }
    }

    /// - Parameter among: what a batch has locked to choose from.
    /// - Throws: ``RoomRefused``; ``ChoiceRefused``; ``BookingRefusal``.
    func reserve(
        _ request: ReserveRequest, _ manner: BookingManner, by principal: Principal, isDryRun: Bool, among: UnitChoices? = nil,
        in transaction: borrowing PostgresTransaction
    ) async throws -> ReserveVerdict {
        guard !request.leavesChoice else {
            return try await reserveKits(request, manner, by: principal, isDryRun: isDryRun, among: among, in: transaction)
        }
        let plain = try reserveStatement(request, by: principal, idempotency: nil, isDryRun: isDryRun)
        let row = try await transaction.one(SQL.ReserveAs(plain, manner))
        let rules = try row.rules.map(RuleExplanation.list) ?? []
        switch row.outcome {
        case "created", "wouldCreate": return try ReserveVerdict(SQL.Reserve.Row(row), rules: rules)
        case "refused": throw RoomRefused(rules: rules, wanted: request)
        case "forbidden": throw BookingRefusal.notAllowedToBook
        case "overrideForbidden": throw BookingRefusal.notAllowedToOverride
        case "organisationUnknown": throw BookingRefusal.organisationUnknown
        default: throw UnknownOutcome(statement: SQL.ReserveAs.name, outcome: row.outcome)
        }
    }
}

extension ReserveVerdict {
    /// The answer to a dry run.
    func preview(of request: ReserveRequest, _ context: MemberContext) -> Response {
        let booking = Booking(request, self, bookedBy: context.principal.organisationID)
        return Response.json { json in
            json.member("verdict", "wouldCreate")
            booking.writePreview(to: &json)
            json.array("rules", rules) { rule, json in rule.write(to: &json, speaker: context.speaker) }
        }
    }
}

extension SQL.ReserveAs {
    fileprivate init(_ plain: SQL.Reserve, _ manner: BookingManner) {
        self.init(
            booking: plain.booking, reference: plain.reference, key: plain.key, organisation: plain.organisation,
            activity: plain.activity, audiences: plain.audiences, headCounts: plain.headCounts, accompanying: plain.accompanying,
            title: plain.title, contactName: plain.contactName, contactEmail: plain.contactEmail, programme: plain.programme,
            resources: plain.resources, starts: plain.starts, ends: plain.ends, seats: plain.seats, dryRun: plain.dryRun,
            persons: plain.persons, supervision: plain.supervision, asState: manner.kind.rawValue, holdMinutes: manner.holdMinutes,
            reason: manner.override?.reason, overridden: manner.override?.codes.map(\.rawValue), holderRoles: plain.holderRoles,
            holders: plain.holders, offer: plain.offer)
    }
}

extension SQL.Reserve.Row {
    /// The two statements read the same columns.
    fileprivate init(_ row: SQL.ReserveAs.Row) {
        self.init(
            outcome: row.outcome, bookingId: row.bookingId, reference: row.reference, state: row.state, flags: row.flags,
            recordedAt: row.recordedAt, labelStatus: row.labelStatus, labelDecisionId: row.labelDecisionId, fileNumber: row.fileNumber,
            conditionalUntil: row.conditionalUntil, seats: row.seats, zones: row.zones, rules: row.rules)
    }
}
