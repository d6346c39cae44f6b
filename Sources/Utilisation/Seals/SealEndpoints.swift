import Access
import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel
import Labels
import Postgres

/// Which days are to be sealed, and as known when.
struct SealRequest: RequestObject {
    let period: ReportPeriod
    let knownAt: Instant?

    init?(reading fields: inout FieldReader) {
        let from = fields.required("from", LocalDay.self)
        let to = fields.required("to", LocalDay.self)
        let knownAt = fields.optional("knownAt", Instant.self)
        guard let from, let to,
            let period = ReportPeriod.checked(
                from, to, longestDays: ReportPeriod.longestDays, refuse: { fields.refuse("to", $0) })
        else { return nil }
        self.period = period
        self.knownAt = knownAt
    }
}

extension Utilisation {
    /// `POST /v1/centres/{centreId}/sealed-reports`: keeps the report of some days word for word, with its hash.
    func seal(_ request: Request, _ context: MemberContext) async throws -> Response {
        let submission = try await request.submission(SealRequest.self, in: context)
        let centre = try await centre(asked: context)
        try context.principal.require(.centreManager, .networkManager, at: centre.number)
        try centre.check(knownAt: submission.body.knownAt)
        let id: SealedReportID = identifiers.make(centre: centre.number)
        let key = try context.principal.keyID
        return try await writes.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID, settings: context.principal.settings
        ) { transaction in
            let period = submission.body.period
            let sealed = try await transaction.one(
                SQL.SealReport(
                    centreNumber: centre.number, id: id, firstDay: period.first, lastDay: period.last,
                    knownAt: submission.body.knownAt, key: key))
            guard sealed.outcome == "sealed" else { throw LabelRefusal.knownAtInFuture }
            guard let row = try await transaction.first(SQL.FindSealedReport(centreNumber: centre.number, id: id)) else {
                throw Problem.notFound
            }
            return Response.json(.created, location: "/v1/sealed-reports/\(id)") { json in row.writeMembers(to: &json) }
        }
    }

    /// `GET /v1/centres/{centreId}/sealed-reports`: the newest first.
    func listSealed(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        try query.finish()
        let centre = try await centre(asked: context)
        let rows = try await database.all(SQL.ListSealedReports(centreNumber: centre.number))
        return Response.json { json in
            json.array("items", rows) { row, json in
                json.object { json in SQL.FindSealedReport.Row(row).writeMembers(to: &json) }
            }
        }
    }

    /// `GET /v1/sealed-reports/{reportId}`: word for word; its SHA-256 is the entity tag.
    func readSealed(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id = try sealedID(request, context)
        let row = try await find(id)
        guard let body = try await database.first(SQL.SealedBody(id: id))?.body else { throw Problem.notFound }
        var response = Response.document(body)
        response.headers[.eTag] = "\"\(row.sha256)\""
        return response
    }

    /// `GET /v1/sealed-reports/{reportId}/difference`: what it says otherwise than the version before it.
    func difference(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id = try sealedID(request, context)
        _ = try await find(id)
        guard let text = try await database.one(SQL.SealedDifference(id: id)).document else { throw Problem.notFound }
        return .document(text)
    }

    /// `GET /v1/sealed-reports/{reportId}/reproduction`: makes it again from the rows and compares the hashes.
    func reproduce(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id = try sealedID(request, context)
        guard let row = try await database.first(SQL.ReproduceReport(id: id)) else { throw Problem.notFound }
        return Response.json { json in
            json.member("sealedSha256", row.sealed)
            json.member("reproducedSha256", row.reproduced)
            json.member("isSame", row.sealed == row.reproduced)
        }
    }

    /// A report of a centre whose figures the caller does not see is missing.
    private func sealedID(_ request: Request, _ context: MemberContext) throws -> SealedReportID {
        var query = QueryReader(request)
        try query.finish()
        let id: SealedReportID = try context.path("reportId")
        guard context.principal.holds(.centreStaff, .centreManager, .networkManager, .networkAuditor, at: id.centreColumn) else {
            throw Problem.notFound
        }
        return id
    }

    private func find(_ id: SealedReportID) async throws -> SQL.FindSealedReport.Row {
        guard let row = try await database.first(SQL.FindSealedReport(centreNumber: id.centreColumn, id: id)) else {
            throw Problem.notFound
        }
        return row
    }
}
