import Access
import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel
import Labels
import Postgres

extension Bookings {
    /// `POST /v1/bookings/batch`: up to a hundred bookings, all or those that can be had; with `dryRun` only says what would happen.
    func reserveBatch(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let isDryRun: Bool = query.optional("dryRun") ?? false
        try query.finish()
        let submission = try await request.submission(BatchRequest.self, in: context)
        let body = submission.body
        do {
            try await offerToWaiting()
            return try await afterWaiting {
                try await writes.perform(
                    directive: isDryRun ? nil : submission.idempotency, organisation: context.principal.organisationID,
                    settings: context.principal.settings
                ) { transaction in
                    let verdicts = try await reserve(body, by: context.principal, in: transaction)
                    guard !isDryRun, body.isMade(verdicts) else { throw BatchUndone(verdicts: verdicts) }
                    return verdicts.response(.created, body.mode, isMade: true, context)
                }
            }
        } catch let undone as BatchUndone {
            // What the caller may not do at all, or for nobody, is no matter of single bookings.
            if let refusal = undone.verdicts.commonRefusal { throw refusal }
            guard isDryRun else {
                try await keep(body.demand(refusedBy: undone.verdicts, for: context.principal), of: context.principal)
                throw BatchRefused(verdicts: undone.verdicts)
            }
            return undone.verdicts.response(.ok, body.mode, isMade: false, context)
        }
    }

    /// Every lock first, then one booking after the other; each counts against those after it.
    private func reserve(
        _ batch: BatchRequest, by principal: Principal, in transaction: borrowing PostgresTransaction
    ) async throws -> [BatchVerdict] {
        let among = try await lock(batch.bookings.map(\.template), by: principal, in: transaction)
        var verdicts: [BatchVerdict] = []
        for booking in batch.bookings {
            let outcome = try await outcome(of: booking.template, booking.manner, among: among, by: principal, in: transaction)
            verdicts.append(BatchVerdict(number: verdicts.count + 1, outcome: outcome))
        }
        let refused = verdicts.indices.filter { verdicts[$0].isRefused }
        for index in refused.prefix(Self.mostOccurrencesWithAlternatives) {
            guard case .refused(let refusal) = verdicts[index].outcome else { continue }
            verdicts[index].outcome = .refused(
                try await withAlternatives(refusal, to: batch.bookings[index].template, for: principal, in: transaction))
        }
        return verdicts
    }

    /// Asked in the transaction, so that nothing is offered that the batch itself takes.
    private func withAlternatives(
        _ refusal: BookingRefusal, to template: ReserveRequest, for principal: Principal, in transaction: borrowing PostgresTransaction
    ) async throws -> BookingRefusal {
        switch refusal {
        case .refused(let rules, _):
            guard let question = try alternativesQuestion(to: template, refusedBy: rules, for: principal) else { return refusal }
            return .refused(rules: rules, alternatives: question.alternatives(try await transaction.all(question.statement)))
        case .choiceRefused(let rules, _, _):
            let refused = ChoiceRefused(rules: rules, wanted: template, demand: nil)
            var lines: [Alternative] = []
            var choices = ChoiceAlternatives()
            if let question = try lineQuestion(to: refused, for: principal) {
                lines = question.alternatives(try await transaction.all(question.statement))
            } else if let question = try kitQuestion(to: refused, for: principal) {
                choices.kits = question.alternatives(try await transaction.all(question.statement))
            } else if let question = try modelQuestion(to: refused, for: principal) {
                choices.models = question.alternatives(try await transaction.all(question.statement))
            }
            return .choiceRefused(rules: rules, alternatives: lines, choices: choices)
        default: return refusal
        }
    }
}

extension BatchRequest {
    fileprivate func demand(refusedBy verdicts: [BatchVerdict], for principal: Principal) -> RefusedDemand {
        var demand = RefusedDemand()
        for (booking, verdict) in zip(bookings, verdicts) {
            let organisation = booking.template.organisation ?? principal.organisationID
            switch verdict.outcome {
            case .refused(.refused(let rules, _)): demand.add(booking.template.lines, for: organisation, refusedBy: rules)
            case .refused(.choiceRefused(let rules, _, _)): demand.add(booking.template.kitDemand(refusedBy: rules, for: organisation))
            default: continue
            }
        }
        return demand
    }

    func isMade(_ verdicts: [BatchVerdict]) -> Bool {
        mode == .atomic ? !verdicts.contains(where: \.isRefused) : verdicts.contains { !$0.isRefused }
    }
}

extension [BatchVerdict] {
    fileprivate var commonRefusal: BookingRefusal? { map(\.outcome).commonRefusal }

    fileprivate func response(_ status: HTTPResponse.Status, _ mode: SeriesMode, isMade: Bool, _ context: MemberContext) -> Response {
        let refused = count(where: \.isRefused)
        let isWholly = mode == .atomic ? refused == 0 : refused < count
        return Response.json(status) { json in
            json.member("verdict", isMade ? "created" : isWholly ? "wouldCreate" : "wouldRefuse")
            json.member("mode", mode)
            json.member("bookable", count - refused)
            json.member("refused", refused)
            json.array("bookings", self) { $0.write(to: &$1, isMade: isMade, speaker: context.speaker) }
        }
    }
}
