import Access
import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel
import Postgres

extension Labels {
    /// `POST /v1/centres/{centreId}/label-applications/{applicationId}/evaluations`.
    func openEvaluation(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centreID: CentreID = try context.path("centreId")
        let application: ApplicationID = try context.path("applicationId")
        let submission = try await request.submission(NothingToSay.self, in: context, orEmpty: true)
        let principal = context.principal
        let number = try await centre(centreID).centreNumber
        let id: EvaluationID = identifiers.make(centre: number)
        let statement = SQL.OpenEvaluation(centreNumber: number, applicationId: application, id: id, by: try principal.keyID)
        return try await writes.perform(
            directive: submission.idempotency, organisation: principal.organisationID, settings: principal.settings
        ) { transaction in
            let outcome = try await transaction.one(statement).outcome
            if outcome == "applicationIncomplete" {
                throw Incomplete(code: "applicationIncomplete", gaps: try await gaps(of: application, centre: number, for: principal))
            }
            try LabelRefusal.check(outcome, is: "opened", of: SQL.OpenEvaluation.name)
            return try await evaluation(id, in: transaction).response(status: .created)
        }
    }

    /// `GET /v1/centres/{centreId}/label-applications/{applicationId}/evaluations`: the centre reads the notes once one is closed.
    func listEvaluations(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centreID: CentreID = try context.path("centreId")
        let application: ApplicationID = try context.path("applicationId")
        var query = QueryReader(request)
        let page = try query.page(of: "listLabelEvaluations", signer: cursors)
        let number = try await centre(centreID).centreNumber
        guard context.principal.seesFiles(of: number) else { throw LabelRefusal.notFound }
        let rows = try await database.all(
            SQL.ListEvaluations(
                centreNumber: number, applicationId: application, id: nil, after: try page.after(0), rowLimit: Int32(page.limit)),
            settings: context.principal.settings)
        return Response.list(page, rows, keys: { [$0.id.description] }) { row, json in
            json.object { json in row.writeMembers(to: &json) }
        }
    }

    /// `PUT /v1/label-evaluations/{evaluationId}/notes`: replaces the notes of an open evaluation.
    func noteEvaluation(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: EvaluationID = try context.path("evaluationId")
        let versions = try IfMatch(requiredBy: request)
        let notes = try await request.body(NotesRequest.self, in: context).notes
        let principal = context.principal
        let current = try await evaluation(id, for: principal)
        try versions.check(version: Int64(current.version))
        let row = try await database.one(
            SQL.NoteEvaluation(
                centreNumber: id.centreColumn, id: id, version: current.version, criteria: notes.map(\.criterion), notes: notes.map(\.note),
                comments: notes.map { $0.comment ?? "" }, by: try principal.keyID))
        let changed = try await evaluation(id, for: principal)
        if row.outcome == "versionMismatch" { throw Problem.preconditionFailed(current: changed.eTag) }
        try LabelRefusal.check(row.outcome, is: "noted", of: SQL.NoteEvaluation.name)
        return changed.response()
    }

    /// `POST /v1/label-evaluations/{evaluationId}/closure`: with an opinion, once every criterion has its note.
    func closeEvaluation(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: EvaluationID = try context.path("evaluationId")
        let submission = try await request.submission(ClosureRequest.self, in: context)
        let principal = context.principal
        let statement = SQL.CloseEvaluation(
            centreNumber: id.centreColumn, id: id, opinion: submission.body.opinion.rawValue, comment: submission.body.comment,
            by: try principal.keyID)
        return try await writes.perform(
            directive: submission.idempotency, organisation: principal.organisationID, settings: principal.settings
        ) { transaction in
            let row = try await transaction.one(statement)
            if row.outcome == "evaluationIncomplete" { throw NotesMissing(criteria: row.missing ?? []) }
            try LabelRefusal.check(row.outcome, is: "closed", of: SQL.CloseEvaluation.name)
            return try await evaluation(id, in: transaction).response()
        }
    }

    private func evaluation(_ id: EvaluationID, for principal: Principal) async throws -> SQL.ListEvaluations.Row {
        let rows = try await database.all(SQL.ListEvaluations(id: id), settings: principal.settings)
        guard let row = rows.first else { throw LabelRefusal.notFound }
        return row
    }

    private func evaluation(
        _ id: EvaluationID, in transaction: borrowing PostgresTransaction
    ) async throws -> SQL.ListEvaluations.Row {
        try await transaction.one(SQL.ListEvaluations(id: id))
    }
}

/// An evaluation is not closed before every criterion has its note.
struct NotesMissing: Error, ProblemRepresentable {
    let criteria: [String]

    var problem: Problem {
        let words = criteria.map { TextArgument.word(TextKey(rawValue: "word.\($0)"), otherwise: $0) }
        return Problem(
            .conflict, "evaluationIncomplete", detail: Text("evaluationIncomplete.detail", ["criteria": .list(words)]),
            extensions: [ProblemExtension("criteria", criteria)])
    }
}

extension SQL.ListEvaluations {
    fileprivate init(id: EvaluationID) {
        self.init(centreNumber: id.centreColumn, applicationId: nil, id: id, after: nil, rowLimit: 1)
    }
}

extension SQL.ListEvaluations.Row {
    fileprivate var eTag: ETag { ETag(version: Int64(version)) }

    fileprivate func response(status: HTTPResponse.Status = .ok) -> Response {
        Response.json(status, eTag: eTag) { json in writeMembers(to: &json) }
    }

    /// Writes the members of the contract's `LabelEvaluation`.
    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("applicationId", applicationId)
        json.member("specification", specification)
        json.member("state", closedAt == nil ? "open" : "closed")
        json.member("version", version)
        json.member("openedAt", openedAt)
        json.member("closedAt", closedAt)
        json.member("opinion", opinion)
        json.member("comment", comment)
        json.name("notes")
        json.raw(notes.text)
        json.member("isFictional", isFictional)
    }
}
