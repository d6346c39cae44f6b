import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

/// How far a change of a series reaches.
enum SeriesScope: String, CaseIterable, Sendable, RequestValue {
    case this
    case following
    case all
}

/// Which occurrences are cancelled, and why.
struct CancelSeriesRequest: RequestObject {
    let scope: SeriesScope
    /// The occurrence meant, or the first of those meant, by the start that the rule gives it; nil for all.
    let from: Instant?
    let reason: String?

    init?(reading fields: inout FieldReader) {
        let scope: SeriesScope? = fields.required("scope")
        from = fields.optional("from")
        reason = fields.optional("reason", maximum: 500)
        if let scope, scope != .all, !fields.has("from") { fields.refuse("from", code: "missing", Text("reason.fromNeeded")) }
        if scope == .all, fields.has("from") { fields.refuse("from", Text("reason.fromWithAll")) }
        guard let scope, (scope == .all) == (from == nil) else { return nil }
        self.scope = scope
    }
}

extension Bookings {
    /// `POST /v1/booking-series/{seriesId}/cancellation`: this occurrence, this and the following, or all.
    func cancelSeries(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        try query.finish()
        let id: SeriesID = try context.path("seriesId")
        let submission = try await request.submission(CancelSeriesRequest.self, in: context)
        let versions = try IfMatch(requiredBy: request)
        return try await writes.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID, settings: context.principal.settings
        ) { transaction in
            let series = try await findSeries(id, in: transaction)
            try versions.check(version: Int64(series.row.version))
            try await cancel(series, submission.body, by: context.principal, in: transaction)
            return try await findSeries(id, in: transaction).response(.ok, context)
        }
    }

    private func cancel(
        _ series: Series, _ body: CancelSeriesRequest, by principal: Principal, in transaction: borrowing PostgresTransaction
    ) async throws {
        if let from = body.from, !series.occurrences.contains(where: { $0.start == from }) { throw SeriesRefusal.occurrenceUnknown }
        let rows = try await transaction.all(
            SQL.CancelSeries(
                series: series.row.id, key: try principal.keyID, version: series.row.ownVersion, fromOccurrence: body.from,
                onlyThis: body.scope == .this, reason: body.reason))
        var cancelled = 0
        for row in rows {
            switch row.outcome {
            case "cancelled": cancelled += 1
            // What has begun stays, its equipment out or not; the rest is cancelled all the same.
            case "alreadyStarted": continue
            // Fetched early.
            case "equipmentOut": throw BookingRefusal.equipmentOut
            // The caller reads the series, or would not be here.
            case "notFound", "forbidden": throw BookingRefusal.notAllowedToCancel
            case "versionMismatch": throw try await seriesChanged(series.row.id, in: transaction)
            default: throw UnknownOutcome(statement: SQL.CancelSeries.name, outcome: row.outcome)
            }
        }
        if cancelled == 0 { throw SeriesRefusal.nothingLeft }
    }

    /// Somebody was faster: the refusal with the version that the series has now.
    func seriesChanged(_ id: SeriesID, in transaction: borrowing PostgresTransaction) async throws -> BookingRefusal {
        .changedMeanwhile(version: try await transaction.first(SQL.FindSeries(id: id))?.version ?? 0)
    }
}
