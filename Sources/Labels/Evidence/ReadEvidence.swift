import Access
import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel
import Postgres

extension Labels {
    /// `GET /v1/recognition-files/{fileId}/evidence`: oldest first.
    func listEvidence(_ request: Request, _ context: MemberContext) async throws -> Response {
        let file: FileID = try context.path("fileId")
        var query = QueryReader(request)
        let page = try query.page(of: "listEvidence", signer: cursors)
        let principal = context.principal
        guard try await draft(file, for: principal) != nil else { throw LabelRefusal.notFound }
        let documents = try await database.all(
            SQL.ListEvidence(centreNumber: file.centreColumn, fileId: file, after: try page.after(0), rowLimit: Int32(page.limit)),
            settings: principal.settings)
        return Response.list(page, documents, keys: { [$0.id.description] }) { row, json in
            json.object { json in row.writeMembers(to: &json) }
        }
    }

    /// `GET /v1/recognition-files/{fileId}/evidence/{evidenceId}`: the document itself, to be saved and never to be run.
    func downloadEvidence(_ request: Request, _ context: MemberContext) async throws -> Response {
        let file: FileID = try context.path("fileId")
        let id: EvidenceID = try context.path("evidenceId")
        var query = QueryReader(request)
        try query.finish()
        let principal = context.principal
        guard principal.seesFiles(of: file.centreColumn) else { throw LabelRefusal.notFound }
        let found = try await database.first(
            SQL.ReadEvidence(centreNumber: file.centreColumn, fileId: file, id: id), settings: principal.settings)
        guard let found, let type = EvidenceType(rawValue: found.mediaType) else { throw LabelRefusal.notFound }
        return Response(status: .ok, headers: found.headers(type), body: .init(byteBuffer: .init(bytes: found.content)))
    }
}

extension SQL.ReadEvidence.Row {
    /// A browser saves it under its name; should one show it all the same, nothing in it can run or load.
    fileprivate func headers(_ type: EvidenceType) -> HTTPFields {
        var headers: HTTPFields = [
            .contentType: type.contentType, .contentDisposition: "attachment; filename*=UTF-8''\(Self.encoded(name))",
            .contentSecurityPolicy: "sandbox; default-src 'none'; frame-ancestors 'none'", .cacheControl: "private, no-store",
        ]
        headers[.reprDigest] = ContentDigest.value(ofSHA256: sha256)
        return headers
    }

    /// `ext-value` of RFC 8187: everything but letters, digits and a few signs is percent-encoded UTF-8.
    private static func encoded(_ name: String) -> String {
        name.utf8.map { byte in
            let character = Character(UnicodeScalar(byte))
            let isPlain = byte < 0x80 && (character.isLetter || character.isNumber || "-._~".contains(character))
            return isPlain ? String(character) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}

// A valid token, so the unwrapping cannot fail.
// swift-format-ignore: NeverForceUnwrap
extension HTTPField.Name {
    fileprivate static let reprDigest = Self("Repr-Digest")!
}

extension SQL.ListEvidence.Row {
    /// Writes the members of the contract's `Evidence`.
    func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("element", element)
        json.member("name", name)
        json.member("mediaType", mediaType)
        json.member("size", size)
        json.member("sha256", sha256.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
        json.member("addedAt", addedAt)
    }
}
