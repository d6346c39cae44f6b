import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

struct FileLinkRequest: RequestObject {
    let fileID: FileID

    init?(reading fields: inout FieldReader) {
        guard let fileID: FileID = fields.required("fileId") else { return nil }
        self.fileID = fileID
    }
}

extension Labels {
    /// `GET /v1/centres/{centreId}/label-applications`: newest first.
    func listApplications(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centreID: CentreID = try context.path("centreId")
        var query = QueryReader(request)
        let page = try query.page(of: "listLabelApplications", signer: cursors)
        let centre = try await centre(centreID)
        guard context.principal.seesFiles(of: centre.centreNumber) else { throw LabelRefusal.notFound }
        let rows = try await database.all(
            SQL.ListApplications(
                centreNumber: centre.centreNumber, applicationId: nil, before: try page.after(0), rowLimit: Int32(page.limit)),
            settings: context.principal.settings)
        return Response.list(page, rows, keys: { [$0.id.description] }) { row, json in
            json.object { json in row.writeMembers(to: &json) }
        }
    }

    /// `GET /v1/centres/{centreId}/label-applications/{applicationId}`: with what is missing before it can be evaluated.
    func getApplication(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centreID: CentreID = try context.path("centreId")
        let id: ApplicationID = try context.path("applicationId")
        var query = QueryReader(request)
        try query.finish()
        let centre = try await centre(centreID)
        return try await application(id, of: centre.centreNumber, for: context.principal).response(context.speaker)
    }

    /// `PUT /v1/centres/{centreId}/label-applications/{applicationId}/file`: the recognition file on which it rests.
    func linkFile(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centreID: CentreID = try context.path("centreId")
        let id: ApplicationID = try context.path("applicationId")
        let body = try await request.body(FileLinkRequest.self, in: context)
        let principal = context.principal
        let centre = try await centre(centreID)
        guard principal.holds(.centreManager, at: centre.centreNumber) else { throw LabelRefusal.notFound }
        let row = try await database.one(
            SQL.LinkFile(centreNumber: centre.centreNumber, applicationId: id, fileId: body.fileID, by: try principal.keyID))
        try LabelRefusal.check(row.outcome, is: "linked", of: SQL.LinkFile.name)
        return try await application(id, of: centre.centreNumber, for: principal).response(context.speaker)
    }

    /// - Throws: ``LabelRefusal/notFound`` also for one that the caller may not see.
    private func application(_ id: ApplicationID, of centre: Int16, for principal: Principal) async throws -> ApplicationInFull {
        guard principal.seesFiles(of: centre) else { throw LabelRefusal.notFound }
        let rows = try await database.all(
            SQL.ListApplications(centreNumber: centre, applicationId: id, before: nil, rowLimit: 1), settings: principal.settings)
        guard let row = rows.first else { throw LabelRefusal.notFound }
        let isOpen = row.state == "submitted"
        return ApplicationInFull(row: row, gaps: isOpen ? try await gaps(of: id, centre: centre, for: principal) : [])
    }

    func gaps(of id: ApplicationID, centre: Int16, for principal: Principal) async throws -> [Gap] {
        let rows = try await database.all(
            SQL.ListApplicationGaps(centreNumber: centre, applicationId: id), settings: principal.settings)
        return try rows.map { row in try Gap(code: row.code, element: row.element, facts: row.facts) }
    }
}

/// An application with what it lacks.
struct ApplicationInFull: Sendable {
    let row: SQL.ListApplications.Row
    let gaps: [Gap]

    func response(_ speaker: Speaker) -> Response {
        Response.json { json in
            row.writeMembers(to: &json)
            json.array("missing", gaps) { gap, json in gap.write(to: &json, speaker: speaker) }
        }
    }
}

extension SQL.ListApplications.Row {
    /// Writes the members of the contract's `LabelApplication`.
    func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("centreId", centreId)
        json.member("kind", kind)
        json.member("submittedOn", submittedOn)
        json.member("recordedAt", recordedAt)
        json.member("state", state)
        json.member("withdrawnOn", withdrawnOn)
        json.member("fileId", fileId)
        json.member("decisionId", decisionId)
        json.member("isFictional", isFictional)
    }
}
