import Access
import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel
import Postgres

/// The states in which a file can be asked for.
enum DraftState: String, CaseIterable, RequestValue {
    case draft, submitted, recognised
}

extension Labels {
    /// `POST /v1/centres/{centreId}/recognition-file-drafts`.
    func createDraft(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centreID: CentreID = try context.path("centreId")
        let submission = try await request.submission(NewDraftRequest.self, in: context, orEmpty: true)
        let centre = try await centre(centreID)
        let principal = context.principal
        try principal.require(.centreManager, at: centre.centreNumber)
        let id: FileID = identifiers.make(centre: centre.centreNumber)
        let start = SQL.StartFile(
            centreNumber: centre.centreNumber, id: id, basedOn: submission.body.basedOn, by: try principal.keyID)
        return try await writes.perform(
            directive: submission.idempotency, organisation: principal.organisationID, settings: principal.settings
        ) { transaction in
            let outcome = try await transaction.one(start).outcome
            try LabelRefusal.check(outcome, is: "drafted", of: SQL.StartFile.name)
            return try await answer(id, status: .created, in: transaction, speaker: context.speaker)
        }
    }

    /// `GET /v1/centres/{centreId}/recognition-file-drafts`: newest first; those that are not recognised, unless a state is asked for.
    func listDrafts(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centreID: CentreID = try context.path("centreId")
        var query = QueryReader(request)
        let state: DraftState? = query.optional("state")
        let page = try query.page(of: "listRecognitionFileDrafts", signer: cursors)
        let centre = try await centre(centreID)
        guard context.principal.seesFiles(of: centre.centreNumber) else { throw LabelRefusal.notFound }
        let drafts = try await database.all(
            SQL.ListDrafts(
                centreNumber: centre.centreNumber, state: state?.rawValue, before: try page.after(0), rowLimit: Int32(page.limit)),
            settings: context.principal.settings)
        return Response.list(page, drafts, keys: { [$0.id.description] }) { row, json in
            json.object { json in row.writeMembers(to: &json) }
        }
    }

    /// `GET /v1/recognition-files/{fileId}`: with answers and what is missing for the centre's staff and the network.
    func getFile(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: FileID = try context.path("fileId")
        var query = QueryReader(request)
        try query.finish()
        let dossier = try await dossier(id, for: context.principal)
        guard let tag = dossier.eTag else { return dossier.response(context.speaker) }
        return Response.unlessHeld(tag, by: request) { dossier.response(context.speaker) }
    }

    /// `PUT /v1/recognition-files/{fileId}`: replaces what a draft says.
    func changeFile(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: FileID = try context.path("fileId")
        let versions = try IfMatch(requiredBy: request)
        let body = try await request.body(FileDraftRequest.self, in: context)
        let principal = context.principal
        guard principal.holds(.centreManager, at: id.centreColumn), let draft = try await draft(id, for: principal) else {
            throw LabelRefusal.notFound
        }
        try versions.check(version: Int64(draft.version))
        let row = try await changed(body.statement(for: id, over: draft.version, by: try principal.keyID))
        let dossier = try await dossier(id, for: principal)
        if row.outcome == "versionMismatch" { throw Problem.preconditionFailed(current: dossier.eTag) }
        if let refused = try SectorRefused(row) { throw refused }
        try LabelRefusal.check(row.outcome, is: "changed", of: SQL.ChangeFile.name)
        return dossier.response(context.speaker)
    }

    private func changed(_ statement: SQL.ChangeFile) async throws -> SQL.ChangeFile.Row {
        do throws(PostgresError) {
            return try await database.one(statement)
        } catch {
            throw error.labelRefusal
        }
    }

    func answer(
        _ id: FileID, status: HTTPResponse.Status = .ok, in transaction: borrowing PostgresTransaction, speaker: Speaker
    ) async throws -> Response {
        try await dossier(id, in: transaction).response(status: status, speaker)
    }
}

extension FileDossier {
    func response(status: HTTPResponse.Status = .ok, _ speaker: Speaker) -> Response {
        let id = draft?.id ?? recognised?.id
        let location = status == .created ? id.map { "/v1/recognition-files/\($0)" } : nil
        return Response.json(status, eTag: eTag, location: location) { json in writeMembers(to: &json, speaker: speaker) }
    }
}

extension SQL.ListDrafts.Row {
    /// Writes the members of the contract's `RecognitionFileDraft`.
    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("state", state)
        json.member("version", version)
        json.member("basedOn", basedOn)
        json.member("effectiveFrom", effectiveFrom)
        json.member("effectiveTo", effectiveTo)
        json.array("sectors", sectors)
        json.member("changedAt", changedAt)
        json.member("missing", gaps)
        json.member("isFictional", isFictional)
    }
}
