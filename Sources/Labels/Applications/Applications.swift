import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

enum ApplicationKind: String, CaseIterable, RequestValue, JSONWritable {
    case candidate, renewal, secondEvaluation
}

struct ApplicationRequest: RequestObject {
    let kind: ApplicationKind
    let submittedOn: LocalDay
    /// The recognition file on which it rests, where there is one already.
    let fileID: FileID?

    init?(reading fields: inout FieldReader) {
        let kind: ApplicationKind? = fields.required("kind")
        let submittedOn: LocalDay? = fields.required("submittedOn")
        fileID = fields.optional("fileId")
        guard let kind, let submittedOn else { return nil }
        self.kind = kind
        self.submittedOn = submittedOn
    }
}

extension Labels {
    /// `POST /v1/centres/{centreId}/label-applications`.
    func createApplication(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centreID: CentreID = try context.path("centreId")
        let principal = context.principal
        let submission = try await request.submission(ApplicationRequest.self, in: context)
        let centre = try await centre(centreID)
        try principal.require(.centreManager, at: centre.centreNumber)
        guard submission.body.submittedOn <= centre.today else { throw LabelRefusal.submittedInFuture }
        let id: ApplicationID = identifiers.make(centre: centre.centreNumber)
        return try await writes.perform(
            directive: submission.idempotency, organisation: principal.organisationID, settings: principal.settings
        ) { transaction in
            try await submit(submission.body, as: id, centreNumber: centre.centreNumber, by: try principal.keyID, in: transaction)
            let row = try await transaction.one(
                SQL.ListApplications(centreNumber: centre.centreNumber, applicationId: id, before: nil, rowLimit: 1))
            return Response.json(.created, location: "/v1/centres/\(centreID)/label-applications/\(id)") { json in
                row.writeMembers(to: &json)
            }
        }
    }

    private func submit(
        _ application: ApplicationRequest, as id: ApplicationID, centreNumber: Int16, by key: KeyID,
        in transaction: borrowing PostgresTransaction
    ) async throws {
        let row = try await transaction.one(
            SQL.RecordApplication(
                centreNumber: centreNumber, applicationId: id, event: "submitted", kind: application.kind.rawValue,
                onDay: application.submittedOn, by: key))
        if let file = application.fileID {
            let linked = try await transaction.one(
                SQL.LinkFile(centreNumber: centreNumber, applicationId: id, fileId: file, by: key))
            try LabelRefusal.check(linked.outcome, is: "linked", of: SQL.LinkFile.name)
        }
        try await take(id, row, centreNumber, by: key, in: transaction)
    }

    /// `DELETE /v1/centres/{centreId}/label-applications/{applicationId}`: withdrawn as of today; the submission stays on record.
    func withdrawApplication(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centreID: CentreID = try context.path("centreId")
        let id: ApplicationID = try context.path("applicationId")
        let centre = try await centre(centreID)
        try context.principal.require(.centreManager, at: centre.centreNumber)
        let pending = try await database.first(
            SQL.FindPendingApplication(centreNumber: centre.centreNumber, applicationId: id), settings: context.principal.settings)
        guard let pending else { throw LabelRefusal.notFound }
        let withdrawal = SQL.RecordApplication(
            centreNumber: centre.centreNumber, applicationId: id, event: "withdrawn", kind: pending.kind, onDay: centre.today,
            by: try context.principal.keyID)
        let key = try context.principal.keyID
        try await database.transaction { transaction in
            try await take(id, try await recorded(withdrawal, in: transaction), centre.centreNumber, by: key, in: transaction)
        }
        return .empty()
    }

    private func recorded(
        _ event: SQL.RecordApplication, in transaction: borrowing PostgresTransaction
    ) async throws -> SQL.RecordApplication.Row {
        do throws(PostgresError) {
            return try await transaction.one(event)
        } catch {
            throw error.labelRefusal
        }
    }

    /// What waits for an answer, and what does not any more, changes what bookings may count on.
    private func take(
        _ application: ApplicationID, _ row: SQL.RecordApplication.Row, _ centreNumber: Int16, by key: KeyID,
        in transaction: borrowing PostgresTransaction
    ) async throws {
        try await effects.take(
            transaction,
            LabelEffects.Change(
                centreNumber: centreNumber, id: identifiers.make(centre: centreNumber), cause: .application,
                subject: LabelChangeID(application.rawValue), days: row.changed, key: key))
    }
}
