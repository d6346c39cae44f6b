import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

/// A professional sector, as the Government's recognition names it.
struct SectorName: RequestValue {
    static let maximum = 200
    let text: String

    static func read(text: String) throws(ValueRefusal) -> SectorName {
        let text = try String.read(text: text)
        guard (1...maximum).contains(text.unicodeScalars.count), text.contains(where: { !$0.isWhitespace }) else {
            throw ValueRefusal("reason.sector", ["limit": .number(maximum)])
        }
        return SectorName(text: text)
    }
}

struct FileRequest: RequestObject {
    let effectiveFrom: LocalDay
    let effectiveTo: LocalDay?
    let sectors: [String]
    let audiences: [String]

    init?(reading fields: inout FieldReader) {
        let effectiveFrom: LocalDay? = fields.required("effectiveFrom")
        effectiveTo = fields.optional("effectiveTo")
        let sectors = fields.values("sectors", SectorName.self, count: 1...50)
        let audiences = fields.values("audiences", String.self, count: 1...50)
        if let audiences, Set(audiences).count < audiences.count {
            fields.refuse("audiences", code: "duplicate", Text("reason.duplicate"))
        }
        guard let effectiveFrom, let sectors, let audiences else { return nil }
        self.effectiveFrom = effectiveFrom
        self.sectors = sectors.map(\.text)
        self.audiences = audiences
    }
}

extension Labels {
    /// `POST /v1/centres/{centreId}/recognition-files`: records an act of recognition as it was taken, without a draft.
    func createFile(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centreID: CentreID = try context.path("centreId")
        let principal = context.principal
        let submission = try await request.submission(FileRequest.self, in: context)
        let centre = try await centre(centreID)
        try principal.require(.labelAuthority, at: centre.centreNumber)
        let id: FileID = identifiers.make(centre: centre.centreNumber)
        return try await writes.perform(directive: submission.idempotency, organisation: principal.organisationID) { transaction in
            let file = try await record(
                submission.body, id: id, centreNumber: centre.centreNumber, by: try principal.keyID, in: transaction)
            return Response.json(.created) { json in file.writeMembers(to: &json) }
        }
    }

    private func record(
        _ file: FileRequest, id: FileID, centreNumber: Int16, by key: KeyID, in transaction: borrowing PostgresTransaction
    ) async throws -> SQL.FindFile.Row {
        let statement = SQL.RecordFile(
            centreNumber: centreNumber, id: id, effectiveFrom: file.effectiveFrom, effectiveTo: file.effectiveTo, sectors: file.sectors,
            audiences: file.audiences, by: key)
        let row: SQL.RecordFile.Row
        do {
            row = try await transaction.one(statement)
        } catch {
            throw error.labelRefusal
        }
        guard row.outcome == "recorded" else { throw LabelRefusal.audienceUnknown }
        try await takeEffect(id, changed: row.changed ?? "{}", by: key, in: transaction)
        return try await transaction.one(SQL.FindFile(centreNumber: centreNumber, id: id))
    }

    /// `GET /v1/centres/{centreId}/recognition-files`: by number; the one in force on a day is the last that covers it.
    func listFiles(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centreID: CentreID = try context.path("centreId")
        var query = QueryReader(request)
        let page = try query.page(of: "listRecognitionFiles", signer: cursors)
        let centre = try await centre(centreID)
        let files = try await database.all(
            SQL.ListFiles(centreNumber: centre.centreNumber, after: try page.after(0) ?? 0, rowLimit: Int32(page.limit)))
        return Response.list(page, files, keys: { [String($0.number)] }) { file, json in
            json.object { json in SQL.FindFile.Row(file, of: centreID).writeMembers(to: &json) }
        }
    }

    /// `GET /v1/audiences`.
    func listAudiences(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let page = try query.page(of: "listAudiences", signer: cursors)
        let audiences = try await database.all(SQL.ListAudiences(after: try page.after(0) ?? "", rowLimit: Int32(page.limit)))
        return Response.list(page, audiences, keys: { [$0.code] }) { audience, json in
            json.object { json in json.member("code", audience.code) }
        }
    }
}

extension SQL.FindFile.Row {
    /// The two statements read the same columns.
    fileprivate init(_ row: SQL.ListFiles.Row, of centre: CentreID) {
        self.init(
            id: row.id, centreId: centre, number: row.number, effectiveFrom: row.effectiveFrom, effectiveTo: row.effectiveTo,
            sectors: row.sectors, specification: row.specification, sectorCodes: row.sectorCodes, audiences: row.audiences,
            missions: row.missions, authority: row.authority, reference: row.reference, recordedAt: row.recordedAt,
            isFictional: row.isFictional)
    }
}
