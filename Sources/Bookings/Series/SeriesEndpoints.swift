import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Bookings {
    /// `POST /v1/booking-series`: books every occurrence or those that can be had; with `dryRun` only says what would happen.
    func createSeries(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let isDryRun: Bool = query.optional("dryRun") ?? false
        try query.finish()
        let submission = try await request.submission(SeriesRequest.self, in: context)
        let body = submission.body
        let plan = try await plan(body)
        let id: SeriesID = identifiers.make(centre: body.template.lines[0].resource.centreColumn)
        if isDryRun { return try await preview(body, id, plan, context) }
        return try await orRefused(plan, body.template, isNew: true, for: context.principal) {
            try await writes.perform(
                directive: submission.idempotency, organisation: context.principal.organisationID, settings: context.principal.settings
            ) { transaction in
                _ = try await reserve(body, as: id, plan, by: context.principal, isDryRun: false, in: transaction)
                return try await findSeries(id, in: transaction).response(.created, context)
            }
        }
    }

    /// `GET /v1/booking-series/{seriesId}`: the series and what became of each occurrence.
    func readSeries(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        try query.finish()
        let id: SeriesID = try context.path("seriesId")
        let series = try await findSeries(id, for: context.principal)
        return Response.unlessHeld(series.eTag, by: request) { series.response(.ok, context) }
    }

    private func preview(_ body: SeriesRequest, _ id: SeriesID, _ plan: SeriesPlan, _ context: MemberContext) async throws -> Response {
        let said = try await database.transaction(settings: context.principal.settings) { transaction in
            try await reserve(body, as: id, plan, by: context.principal, isDryRun: true, in: transaction)
        }
        let verdicts = try await withAlternatives(said, of: plan, body.template, for: context.principal)
        return verdicts.preview(mode: body.mode, zone: plan.zone, context)
    }

    /// Runs a command; when it undoes itself, says which occurrences stood against it, outside of its transaction.
    func orRefused(
        _ plan: SeriesPlan, _ template: ReserveRequest?, isNew: Bool = false, for principal: Principal,
        _ command: () async throws -> Response
    ) async throws -> Response {
        do {
            try await offerToWaiting()
            return try await afterWaiting(command)
        } catch let undone as SeriesUndone {
            let refused = undone.verdicts.filter { $0.outcome == .refused }
            let bookable = undone.verdicts.count - refused.count
            if let template, isNew {
                try await keep(plan.demand(of: template, refusedBy: refused, for: principal), of: principal)
            }
            throw SeriesRefusal.refused(
                try await withAlternatives(refused, of: plan, template, for: principal), bookable: bookable)
        }
    }
}

extension SeriesPlan {
    fileprivate func demand(
        of template: ReserveRequest, refusedBy verdicts: [OccurrenceVerdict], for principal: Principal
    ) -> RefusedDemand {
        let rules = Dictionary(verdicts.map { ($0.number, $0.rules) }, uniquingKeysWith: { first, _ in first })
        var demand = RefusedDemand()
        for item in items {
            demand.add(
                template.lines(at: item.periods), for: template.organisation ?? principal.organisationID,
                refusedBy: rules[item.number] ?? [])
        }
        return demand
    }
}

extension Series {
    /// Of what is read: changes with its bookings too.
    var eTag: ETag { ETag(version: Int64(row.version)) }

    func response(_ status: HTTPResponse.Status, _ context: MemberContext) -> Response {
        Response.json(
            status, eTag: eTag, location: status == .created ? "/v1/booking-series/\(row.id)" : nil
        ) { json in writeMembers(to: &json, speaker: context.speaker) }
    }
}

extension [OccurrenceVerdict] {
    /// What a dry run answers.
    func preview(mode: SeriesMode, zone: Zone, _ context: MemberContext) -> Response {
        let refused = count { $0.outcome == .refused }
        let isMade = mode == .atomic ? refused == 0 : refused < count
        return Response.json { json in
            json.member("verdict", isMade ? "wouldCreate" : "wouldRefuse")
            json.member("mode", mode)
            json.member("zone", zone.identifier)
            json.member("bookable", count - refused)
            json.member("refused", refused)
            json.array("occurrences", self) { occurrence, json in occurrence.write(to: &json, speaker: context.speaker) }
        }
    }
}
