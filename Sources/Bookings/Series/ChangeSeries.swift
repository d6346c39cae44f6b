import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

/// Other times or seats for an occurrence and those after it.
struct ChangeSeriesRequest: RequestObject {
    /// The first occurrence that changes, by the start that the rule gives it.
    let from: Instant
    /// What that occurrence becomes; the others change alike.
    let lines: [ReserveRequest.Line]
    let reason: String?

    init?(reading fields: inout FieldReader) {
        let from: Instant? = fields.required("from")
        let lines = fields.array("lines", ReserveRequest.Line.self, count: 1...100)
        reason = fields.optional("reason", maximum: 500)
        guard let from, let lines else { return nil }
        self.from = from
        self.lines = lines
    }
}

extension Bookings {
    /// `POST /v1/booking-series/{seriesId}/change`: cancels an occurrence and the following and books them anew, all or none.
    func changeSeries(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let isDryRun: Bool = query.optional("dryRun") ?? false
        try query.finish()
        let id: SeriesID = try context.path("seriesId")
        let submission = try await request.submission(ChangeSeriesRequest.self, in: context)
        let versions = try IfMatch(requiredBy: request)
        let series = try await findSeries(id, for: context.principal)
        let plan = try await plan(submission.body, of: series)
        let template = try await template(of: submission.body, for: series, by: context.principal)
        if isDryRun {
            try versions.check(version: Int64(series.row.version))
            let said = try await database.transaction(settings: context.principal.settings) { transaction in
                try await change(series, submission.body, plan, by: context.principal, isDryRun: true, in: transaction)
            }
            return try await withAlternatives(said, of: plan, template, for: context.principal)
                .preview(mode: .atomic, zone: plan.zone, context)
        }
        return try await orRefused(plan, template, for: context.principal) {
            try await writes.perform(
                directive: submission.idempotency, organisation: context.principal.organisationID, settings: context.principal.settings
            ) { transaction in
                try versions.check(version: Int64(series.row.version))
                _ = try await change(series, submission.body, plan, by: context.principal, isDryRun: false, in: transaction)
                return try await findSeries(id, in: transaction).response(.ok, context)
            }
        }
    }

    /// What the bookings of the series become, for whom and for what they are now; nil when none stands any more.
    private func template(of body: ChangeSeriesRequest, for series: Series, by principal: Principal) async throws -> ReserveRequest? {
        guard let id = series.occurrences.first(where: { $0.start >= body.from && $0.isStanding })?.booking else { return nil }
        let (booking, _) = try await find(id, for: principal)
        return ReserveRequest(booking, lines: body.lines)
    }

    /// Where the occurrences that still stand would go.
    private func plan(_ body: ChangeSeriesRequest, of series: Series) async throws -> SeriesPlan {
        guard series.occurrences.contains(where: { $0.start == body.from }) else { throw SeriesRefusal.occurrenceUnknown }
        guard body.lines[0].resource.centreColumn == series.row.id.centreColumn else { throw SeriesRefusal.otherCentre }
        guard let zone = Zone(series.row.zone) else { throw UnknownZone(name: series.row.zone) }
        let moving = series.occurrences.filter { $0.start >= body.from && $0.isStanding }.map { (number: $0.number, start: $0.start) }
        return try SeriesPlan(moving: moving, from: body.from, to: body.lines, in: zone, zones: try await zones(of: body.lines))
    }

    private func change(
        _ series: Series, _ body: ChangeSeriesRequest, _ plan: SeriesPlan, by principal: Principal, isDryRun: Bool,
        in transaction: borrowing PostgresTransaction
    ) async throws -> [OccurrenceVerdict] {
        guard !plan.items.isEmpty else { throw SeriesRefusal.nothingLeft }
        let id = series.row.id
        let rows = try await transaction.all(
            SQL.ChangeSeries(
                series: id, key: try principal.keyID, version: series.row.ownVersion, reason: body.reason,
                resources: body.lines.map(\.resource), seats: body.lines.map { $0.seats ?? 0 }, numbers: plan.items.map(\.number),
                bookings: plan.items.map { _ in identifiers.make(centre: id.centreColumn) },
                references: plan.items.map { _ in newReference() }, starts: plan.items.flatMap { $0.periods.map(\.start) },
                ends: plan.items.flatMap { $0.periods.map(\.end) }, dryRun: isDryRun, persons: body.lines.map { $0.persons ?? -1 }))
        if rows.first?.outcome == "versionMismatch" { throw try await seriesChanged(id, in: transaction) }
        let verdicts = try verdicts(rows, of: plan)
        if !isDryRun, verdicts.contains(where: { $0.outcome != .booked }) { throw SeriesUndone(verdicts: verdicts) }
        return verdicts
    }

    private func verdicts(_ rows: [SQL.ChangeSeries.Row], of plan: SeriesPlan) throws -> [OccurrenceVerdict] {
        let items = Dictionary(plan.items.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        let verdicts = try rows.compactMap { row -> OccurrenceVerdict? in
            switch row.outcome {
            case "created", "wouldCreate", "refused": break
            // The caller reads the series, or would not be here.
            case "notFound", "forbidden": throw BookingRefusal.notAllowedToCancel
            case "alreadyStarted": throw BookingRefusal.alreadyStarted
            case "equipmentOut": throw BookingRefusal.equipmentOut
            default: throw UnknownOutcome(statement: SQL.ChangeSeries.name, outcome: row.outcome)
            }
            return try row.number.flatMap { items[$0] }.map { try OccurrenceVerdict(SQL.ReserveSeries.Row(row), of: $0) }
        }
        if verdicts.isEmpty { throw SeriesRefusal.nothingLeft }
        return verdicts
    }
}

extension OccurrenceVerdict {
    /// Whether it has a booking that can still be cancelled.
    fileprivate var isStanding: Bool {
        ["draft", "requested", "waitlisted", "held", "conditional", "confirmed", "suspended"].contains(state)
    }
}

extension SQL.ReserveSeries.Row {
    /// The two statements answer with the same columns.
    fileprivate init(_ row: SQL.ChangeSeries.Row) {
        self.init(
            number: row.number, outcome: row.outcome, bookingId: row.bookingId, reference: row.reference, state: row.state,
            flags: row.flags, conditionalUntil: row.conditionalUntil, rules: row.rules)
    }
}
