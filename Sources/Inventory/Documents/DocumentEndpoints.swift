import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Postgres

extension Inventory {
    /// `GET /v1/resources/{resourceId}/documents`: to whoever may see the resource.
    func listDocuments(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: ResourceID = try context.path("resourceId")
        let settings = context.principal.settings
        let resource = try await database.first(SQL.FindDocumented(resourceId: id), settings: settings)
        guard resource != nil else { throw InventoryRefusal.notFound }
        let documents = try await database.all(SQL.ListDocuments(resourceId: id), settings: settings)
        return Response.json { json in
            json.array("items", documents) { row, json in
                json.object { json in row.writeMembers(to: &json) }
            }
        }
    }

    /// `POST /v1/resources/{resourceId}/documents`.
    func addDocument(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let resource: ResourceID = try context.path("resourceId")
        try context.principal.require(.centreStaff, .centreManager, at: resource.centreColumn)
        let submission = try await request.submission(DocumentRequest.self, in: context)
        let id: DocumentID = identifiers.make(centre: resource.centreColumn)
        let document = submission.body
        let statement = SQL.AddDocument(
            centreNumber: resource.centreColumn, id: id, key: try context.principal.keyID, resourceId: resource,
            isOfModel: document.isOfModel, title: document.title, kind: document.kind.rawValue, address: document.address,
            language: document.language.rawValue, since: document.since)
        return try await writes.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID, settings: context.principal.settings
        ) { transaction in
            let outcome = try await transaction.one(statement).outcome
            switch outcome {
            case "added": break
            case "notFound": throw InventoryRefusal.notFound
            case "forbidden": throw Problem.forbidden(roles: [.centreStaff, .centreManager])
            case "noModel": throw InventoryRefusal.modelMissing
            case "tooMany": throw InventoryRefusal.tooManyDocuments
            default: throw UnknownOutcome(statement: SQL.AddDocument.name, outcome: outcome)
            }
            let added = try await transaction.all(SQL.ListDocuments(resourceId: resource)).first { $0.id == id }
            guard let added else { throw InventoryRefusal.notFound }
            return .json(.created) { json in added.writeMembers(to: &json) }
        }
    }

    /// `DELETE /v1/documents/{documentId}`.
    func removeDocument(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: DocumentID = try context.path("documentId")
        try context.principal.require(.centreStaff, .centreManager, at: id.centreColumn)
        let removal = SQL.RemoveDocument(centreNumber: id.centreColumn, id: id, key: try context.principal.keyID)
        let outcome = try await database.one(removal, settings: context.principal.settings).outcome
        switch outcome {
        case "removed": return .empty()
        case "notFound": throw InventoryRefusal.notFound
        case "forbidden": throw Problem.forbidden(roles: [.centreStaff, .centreManager])
        default: throw UnknownOutcome(statement: SQL.RemoveDocument.name, outcome: outcome)
        }
    }
}

extension SQL.ListDocuments.Row {
    /// Writes the members of the contract's `Document`.
    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("title", title)
        json.member("kind", kind)
        json.member("url", address)
        json.member("language", language)
        json.member("since", since)
        json.member("ofModel", isOfModel)
        json.member("recordedAt", recordedAt)
    }
}
