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
            return try await writes.perform(
                directive: isDryRun ? nil : submission.idempotency, organisation: context.principal.organisationID,
                settings: context.principal.settings
            ) { transaction in
                let verdicts = try await reserve(body, by: context.principal, in: transaction)
                guard !isDryRun, body.isMade(verdicts) else { throw BatchUndone(verdicts: verdicts) }
                return verdicts.response(.created, body.mode, isMade: true, context)
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
        let lines = batch.bookings.flatMap(\.template.lines)
        let organisations = batch.bookings.flatMap { booking in
            booking.template.lines.map { _ in booking.template.organisation ?? principal.organisationID }
        }
        _ = try await transaction.execute(
            SQL.LockBatch(
                batch: identifiers.make(centre: lines[0].resource.centreColumn), key: try principal.keyID, organisations: organisations,
                resources: lines.map(\.resource), starts: lines.map(\.period.start), ends: lines.map(\.period.end)))
        var verdicts: [BatchVerdict] = []
        for booking in batch.bookings {
            let outcome = try await outcome(of: booking, by: principal, in: transaction)
            verdicts.append(BatchVerdict(number: verdicts.count + 1, outcome: outcome))
        }
        let refused = verdicts.indices.filter { verdicts[$0].isRefused }
        for index in refused.prefix(Self.mostOccurrencesWithAlternatives) {
            guard case .refused(.refused(let rules, _)) = verdicts[index].outcome,
                let question = try alternativesQuestion(to: batch.bookings[index].template, refusedBy: rules, for: principal)
            else { continue }
            // Asked in the transaction, so that nothing is offered that the batch itself takes.
            let rows = try await transaction.all(question.statement)
            verdicts[index].outcome = .refused(.refused(rules: rules, alternatives: question.alternatives(rows)))
        }
        return verdicts
    }

    private func outcome(
        of booking: NewBookingRequest, by principal: Principal, in transaction: borrowing PostgresTransaction
    ) async throws -> BatchVerdict.Outcome {
        do {
            return .booked(try await reserve(booking.template, booking.manner, by: principal, isDryRun: false, in: transaction))
        } catch let refused as RoomRefused {
            return .refused(.refused(rules: refused.rules, alternatives: []))
        } catch let refusal as BookingRefusal {
            return .refused(refusal)
        }
    }
}

extension BatchRequest {
    fileprivate func demand(refusedBy verdicts: [BatchVerdict], for principal: Principal) -> RefusedDemand {
        var demand = RefusedDemand()
        for (booking, verdict) in zip(bookings, verdicts) {
            guard case .refused(.refused(let rules, _)) = verdict.outcome else { continue }
            demand.add(booking.template.lines, for: booking.template.organisation ?? principal.organisationID, refusedBy: rules)
        }
        return demand
    }

    func isMade(_ verdicts: [BatchVerdict]) -> Bool {
        mode == .atomic ? !verdicts.contains(where: \.isRefused) : verdicts.contains { !$0.isRefused }
    }
}

extension [BatchVerdict] {
    /// What refuses every booking for another reason than its rules and members, where that is the same.
    fileprivate var commonRefusal: BookingRefusal? {
        let refusals = compactMap { verdict -> BookingRefusal? in
            guard case .refused(let refusal) = verdict.outcome else { return nil }
            if case .refused = refusal { return nil }
            return refusal.problem.issues.isEmpty ? refusal : nil
        }
        guard refusals.count == count, Set(refusals.map(\.problem.code.rawValue)).count == 1 else { return nil }
        return refusals.first
    }

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
