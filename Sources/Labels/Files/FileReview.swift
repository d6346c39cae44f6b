import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

/// What a centre has to mend.
struct ReturnRequest: RequestObject {
    let comment: String

    init?(reading fields: inout FieldReader) {
        guard let comment = fields.required("comment", maximum: 4_000) else { return nil }
        self.comment = comment
    }
}

/// The act that recognises a file; its days are the file's own unless it gives others.
struct RecognitionRequest: RequestObject {
    let authority: String
    let reference: String
    let effectiveFrom: LocalDay?
    let effectiveTo: LocalDay?

    init?(reading fields: inout FieldReader) {
        let authority = fields.required("authority", maximum: 100)
        let reference = fields.required("reference", maximum: 200)
        effectiveFrom = fields.optional("effectiveFrom")
        effectiveTo = fields.optional("effectiveTo")
        guard let authority, let reference else { return nil }
        self.authority = authority
        self.reference = reference
    }
}

extension Labels {
    /// `POST /v1/recognition-files/{fileId}/submission`.
    func submitFile(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: FileID = try context.path("fileId")
        let submission = try await request.submission(NothingToSay.self, in: context, orEmpty: true)
        let principal = context.principal
        guard principal.holds(.centreManager, at: id.centreColumn) else { throw LabelRefusal.notFound }
        let key = try principal.keyID
        return try await writes.perform(
            directive: submission.idempotency, organisation: principal.organisationID, settings: principal.settings
        ) { transaction in
            let outcome = try await transaction.one(SQL.SubmitFile(centreNumber: id.centreColumn, id: id, by: key)).outcome
            if outcome == "fileIncomplete" {
                throw Incomplete(code: "fileIncomplete", gaps: try await dossier(id, in: transaction).gaps)
            }
            try LabelRefusal.check(outcome, is: "submitted", of: SQL.SubmitFile.name)
            return try await answer(id, in: transaction, speaker: context.speaker)
        }
    }

    /// `POST /v1/recognition-files/{fileId}/return`: the centre may change it again.
    func returnFile(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: FileID = try context.path("fileId")
        let submission = try await request.submission(ReturnRequest.self, in: context)
        let principal = context.principal
        let statement = SQL.ReturnFile(
            centreNumber: id.centreColumn, id: id, comment: submission.body.comment, by: try principal.keyID)
        return try await writes.perform(
            directive: submission.idempotency, organisation: principal.organisationID, settings: principal.settings
        ) { transaction in
            let outcome = try await transaction.one(statement).outcome
            try LabelRefusal.check(outcome, is: "returned", of: SQL.ReturnFile.name)
            return try await answer(id, in: transaction, speaker: context.speaker)
        }
    }

    /// `POST /v1/recognition-files/{fileId}/recognition`: puts a submitted file in force, and lets that take effect on bookings.
    func recogniseFile(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: FileID = try context.path("fileId")
        let submission = try await request.submission(RecognitionRequest.self, in: context)
        let principal = context.principal
        let act = submission.body
        let statement = SQL.RecogniseFile(
            centreNumber: id.centreColumn, id: id, effectiveFrom: act.effectiveFrom, effectiveTo: act.effectiveTo,
            authority: act.authority, reference: act.reference, by: try principal.keyID)
        return try await writes.perform(
            directive: submission.idempotency, organisation: principal.organisationID, settings: principal.settings
        ) { transaction in
            let row = try await recognised(statement, in: transaction)
            try LabelRefusal.check(row.outcome, is: "recognised", of: SQL.RecogniseFile.name)
            try await takeEffect(id, changed: row.changed ?? "{}", by: statement.by, in: transaction)
            return try await answer(id, in: transaction, speaker: context.speaker)
        }
    }

    private func recognised(
        _ statement: SQL.RecogniseFile, in transaction: borrowing PostgresTransaction
    ) async throws -> SQL.RecogniseFile.Row {
        do throws(PostgresError) {
            return try await transaction.one(statement)
        } catch {
            throw error.labelRefusal
        }
    }

    /// A new file in force changes whom bookings may be for.
    func takeEffect(
        _ file: FileID, changed days: String, by key: KeyID, in transaction: borrowing PostgresTransaction
    ) async throws {
        try await effects.take(
            transaction,
            LabelEffects.Change(
                centreNumber: file.centreColumn, id: identifiers.make(centre: file.centreColumn), cause: .file,
                subject: LabelChangeID(file.rawValue), days: days, key: key))
    }
}
