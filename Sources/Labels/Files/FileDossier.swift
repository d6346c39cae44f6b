import Access
import HTTPEdge
import Kernel
import Postgres

extension Principal {
    /// Whether drafts, answers and evidence of a centre are this caller's to read.
    func seesFiles(of centre: Int16) -> Bool {
        holds(.centreStaff, .centreManager, .networkAuditor, .labelAuthority, at: centre)
    }
}

/// A recognition file as far as a caller may know it.
struct FileDossier: Sendable {
    /// What was recognised; nil for a draft.
    let recognised: SQL.FindFile.Row?
    /// What stands behind it; nil for those who may not see it, and for files that were recorded without a draft.
    let draft: SQL.FindDraft.Row?
    let gaps: [Gap]

    var eTag: ETag? { draft.map { ETag(version: Int64($0.version)) } }

    /// Writes the members of the contract's `RecognitionFileInFull`.
    func writeMembers(to json: inout JSONWriter, speaker: Speaker) {
        if let recognised {
            recognised.writeMembers(to: &json)
            json.member("state", "recognised")
        } else if let draft {
            draft.writeContent(to: &json)
        }
        guard let draft else { return }
        json.member("version", draft.version)
        json.member("basedOn", draft.basedOn)
        json.name("answers")
        json.raw(draft.answers.text)
        json.member("changedAt", draft.changedAt)
        json.member("submittedAt", draft.submittedAt)
        json.member("returnComment", draft.comment)
        json.array("missing", gaps) { gap, json in gap.write(to: &json, speaker: speaker) }
    }
}

extension Labels {
    /// A draft, submitted or recognised, if the caller may see it.
    func draft(_ id: FileID, for principal: Principal) async throws -> SQL.FindDraft.Row? {
        guard principal.seesFiles(of: id.centreColumn) else { return nil }
        return try await database.first(SQL.FindDraft(centreNumber: id.centreColumn, id: id), settings: principal.settings)
    }

    /// - Throws: ``LabelRefusal/notFound`` also for a draft that the caller may not see.
    func dossier(_ id: FileID, for principal: Principal) async throws -> FileDossier {
        let draft = try await draft(id, for: principal)
        let recognised = try await database.first(SQL.FindFile(centreNumber: id.centreColumn, id: id))
        guard draft != nil || recognised != nil else { throw LabelRefusal.notFound }
        let isOpen = draft?.state == "draft"
        return FileDossier(recognised: recognised, draft: draft, gaps: isOpen ? try await gaps(of: id, for: principal) : [])
    }

    /// The same inside the transaction that changed it, whose settings name the actor.
    func dossier(_ id: FileID, in transaction: borrowing PostgresTransaction) async throws -> FileDossier {
        let draft = try await transaction.first(SQL.FindDraft(centreNumber: id.centreColumn, id: id))
        let recognised = try await transaction.first(SQL.FindFile(centreNumber: id.centreColumn, id: id))
        var gaps: [Gap] = []
        if draft?.state == "draft" {
            let rows = try await transaction.all(SQL.ListFileGaps(centreNumber: id.centreColumn, id: id))
            gaps = try rows.map(Gap.init(row:))
        }
        return FileDossier(recognised: recognised, draft: draft, gaps: gaps)
    }

    func gaps(of id: FileID, for principal: Principal) async throws -> [Gap] {
        let rows = try await database.all(
            SQL.ListFileGaps(centreNumber: id.centreColumn, id: id), settings: principal.settings)
        return try rows.map(Gap.init(row:))
    }
}

extension Gap {
    init(row: SQL.ListFileGaps.Row) throws {
        try self.init(code: row.code, element: row.element, facts: row.facts)
    }
}

extension SQL.FindDraft.Row {
    fileprivate func writeContent(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("centreId", centreId)
        json.member("state", state)
        json.member("effectiveFrom", effectiveFrom)
        json.member("effectiveTo", effectiveTo)
        json.member("specification", specification)
        json.array("sectors", sectors)
        json.name("sectorCodes")
        json.raw(sectorCodes.text)
        json.array("audiences", audiences)
        json.array("missions", missions)
        json.member("isFictional", isFictional)
    }
}

extension SQL.FindFile.Row {
    /// Writes the members of the contract's `RecognitionFile`.
    func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("centreId", centreId)
        json.member("number", number)
        json.member("effectiveFrom", effectiveFrom)
        json.member("effectiveTo", effectiveTo)
        json.member("specification", specification)
        json.array("sectors", sectors)
        json.name("sectorCodes")
        json.raw(sectorCodes.text)
        json.array("audiences", audiences)
        json.array("missions", missions)
        json.member("authority", authority)
        json.member("reference", reference)
        json.member("recordedAt", recordedAt)
        json.member("isFictional", isFictional)
    }
}
