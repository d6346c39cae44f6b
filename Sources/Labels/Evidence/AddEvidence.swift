import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

/// The name of a document, as it will be downloaded: no path, nothing that a file system refuses.
struct DocumentName: RequestValue {
    static let maximum = 200
    let text: String

    static func read(text: String) throws(ValueRefusal) -> DocumentName {
        let text = try String.read(text: text)
        let isPlain = text.unicodeScalars.allSatisfy { $0 != "/" && $0 != "\\" && $0.properties.generalCategory != .control }
        guard (1...maximum).contains(text.unicodeScalars.count), isPlain, text.contains(where: { !$0.isWhitespace }) else {
            throw ValueRefusal("reason.documentName", ["limit": .number(maximum)])
        }
        return DocumentName(text: text)
    }
}

extension Labels {
    /// `POST /v1/recognition-files/{fileId}/evidence?element=&name=`: the body is the document itself.
    func addEvidence(_ request: Request, _ context: MemberContext) async throws -> Response {
        let file: FileID = try context.path("fileId")
        var query = QueryReader(request)
        let element: SpecificationElement? = query.required("element")
        let name: DocumentName? = query.required("name")
        try query.finish()
        let principal = context.principal
        let centre = file.centreColumn
        guard principal.holds(.centreManager, at: centre) else { throw LabelRefusal.notFound }
        let document = try await request.document(of: EvidenceType.mediaTypes, in: context)
        guard let element, let name, let type = EvidenceType(rawValue: document.mediaType), type.fits(document.bytes) else {
            throw LabelRefusal.documentNotOfItsType
        }
        let evidence = SQL.AddEvidence(
            centreNumber: centre, fileId: file, id: identifiers.make(centre: centre), element: element.rawValue, name: name.text,
            mediaType: type.rawValue, content: document.bytes, by: try principal.keyID)
        return try await writes.perform(directive: document.idempotency, organisation: principal.organisationID) { transaction in
            try await add(evidence, in: transaction)
        }
    }

    private func add(_ evidence: SQL.AddEvidence, in transaction: borrowing PostgresTransaction) async throws -> Response {
        let row = try await transaction.one(evidence)
        guard row.outcome == "added", let sha256 = row.sha256, let addedAt = row.addedAt else {
            throw LabelRefusal(outcome: row.outcome) ?? UnknownOutcome(statement: SQL.AddEvidence.name, outcome: row.outcome)
        }
        let listed = SQL.ListEvidence.Row(
            id: evidence.id, element: evidence.element, name: evidence.name, mediaType: evidence.mediaType,
            size: Int32(evidence.content.count), sha256: sha256, addedAt: addedAt)
        return Response.json(.created, location: "/v1/recognition-files/\(evidence.fileId)/evidence/\(evidence.id)") { json in
            listed.writeMembers(to: &json)
        }
    }

    /// `DELETE /v1/recognition-files/{fileId}/evidence/{evidenceId}`: from a draft only.
    func removeEvidence(_ request: Request, _ context: MemberContext) async throws -> Response {
        let file: FileID = try context.path("fileId")
        let id: EvidenceID = try context.path("evidenceId")
        guard context.principal.holds(.centreManager, at: file.centreColumn) else { throw LabelRefusal.notFound }
        let row = try await database.one(
            SQL.RemoveEvidence(centreNumber: file.centreColumn, fileId: file, id: id, by: try context.principal.keyID))
        guard row.outcome == "removed" else {
            throw LabelRefusal(outcome: row.outcome) ?? UnknownOutcome(statement: SQL.RemoveEvidence.name, outcome: row.outcome)
        }
        return .empty()
    }
}
