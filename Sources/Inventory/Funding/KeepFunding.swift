import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Postgres

extension Inventory {
    /// `POST /v1/equipment/{equipmentId}/funding-lines`.
    func addFundingLine(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let asset: ResourceID = try context.path("equipmentId")
        try context.principal.require(.centreManager, at: asset.centreColumn)
        let submission = try await request.submission(FundingRequest.self, in: context)
        let id: FundingLineID = identifiers.make(centre: asset.centreColumn)
        let statement = SQL.AddFundingLine(submission.body, id: id, of: asset, by: try context.principal.keyID)
        return try await writes.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID, settings: context.principal.settings
        ) { transaction in
            let row = try await answer(statement, in: transaction)
            guard row.outcome == "created" else {
                throw Self.refusal(row.outcome, left: row.leftHundredths, on: row.onDay, statement: SQL.AddFundingLine.name)
            }
            let line = try await fundingLine(id, in: transaction)
            return .json(.created, eTag: line.eTag, location: "/v1/funding-lines/\(id)") { json in line.writeMembers(to: &json) }
        }
    }

    /// `PUT /v1/funding-lines/{fundingLineId}`.
    func changeFundingLine(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: FundingLineID = try context.path("fundingLineId")
        try context.principal.require(.centreManager, at: id.centreColumn)
        let versions = try IfMatch(requiredBy: request)
        let body = try await request.body(FundingRequest.self, in: context)
        let key = try context.principal.keyID
        return try await database.transaction(settings: context.principal.settings) { transaction in
            let former = try await fundingLine(id, in: transaction)
            try versions.check(version: Int64(former.version))
            let row = try await answer(SQL.ChangeFundingLine(body, id: id, version: former.version, by: key), in: transaction)
            guard row.outcome == "changed" else {
                throw Self.refusal(
                    row.outcome, version: row.version, left: row.leftHundredths, on: row.onDay, line: former,
                    statement: SQL.ChangeFundingLine.name)
            }
            let changed = try await fundingLine(id, in: transaction)
            return .json(eTag: changed.eTag) { json in changed.writeMembers(to: &json) }
        }
    }

    /// `POST /v1/funding-lines/{fundingLineId}/end`: it counts no more, and is kept.
    func endFundingLine(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: FundingLineID = try context.path("fundingLineId")
        try context.principal.require(.centreManager, at: id.centreColumn)
        let submission = try await request.submission(FundingEnd.self, in: context)
        let key = try context.principal.keyID
        let versions = try IfMatch(requiredBy: request)
        return try await writes.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID, settings: context.principal.settings
        ) { transaction in
            let former = try await fundingLine(id, in: transaction)
            try versions.check(version: Int64(former.version))
            let row = try await transaction.one(
                SQL.EndFundingLine(
                    centreNumber: id.centreColumn, id: id, version: former.version, key: key, reason: submission.body.reason))
            guard row.outcome == "done" else {
                throw Self.refusal(row.outcome, version: row.version, line: former, statement: SQL.EndFundingLine.name)
            }
            let ended = try await fundingLine(id, in: transaction)
            return .json(eTag: ended.eTag) { json in ended.writeMembers(to: &json) }
        }
    }

    private static func refusal(
        _ outcome: String, version: Int32? = nil, left: Int32? = nil, on day: LocalDay? = nil, line: SQL.ListFundingLines.Row? = nil,
        statement: String
    ) -> any Error {
        switch (outcome, left, day, line) {
        case ("notFound", _, _, _): InventoryRefusal.notFound
        case ("forbidden", _, _, _): Problem.forbidden(roles: [.centreManager])
        case ("versionMismatch", _, _, _): version.map { InventoryRefusal.changedMeanwhile(version: $0) } ?? .notFound
        case ("ended", _, _, _): InventoryRefusal.fundingLineEnded
        case ("agreementUnknown", _, _, _): InventoryRefusal.agreementUnknown
        case ("shareExceeded", let left?, let day?, _): InventoryRefusal.shareExceeded(leftHundredths: left, on: day)
        case ("durable", _, _, let line?):
            InventoryRefusal.boundByFunds(FundingBond(line: line.id, until: line.durableUntil ?? line.fromDay, funder: line.funder))
        default: UnknownOutcome(statement: statement, outcome: outcome)
        }
    }
}

extension SQL.AddFundingLine {
    fileprivate init(_ line: FundingRequest, id: FundingLineID, of asset: ResourceID, by key: KeyID) {
        self.init(
            centreNumber: asset.centreColumn, id: id, key: key, resourceId: asset, organisationId: line.organisation, body: line.body,
            nature: line.nature.rawValue, shareHundredths: line.shareHundredths, programme: line.programme, reference: line.reference,
            conditions: line.conditions, fromDay: line.from, toDay: line.to, durableUntil: line.durableUntil,
            agreementId: line.agreement, economicLimitPercent: line.economicLimitPercent)
    }
}

extension SQL.ChangeFundingLine {
    fileprivate init(_ line: FundingRequest, id: FundingLineID, version: Int32, by key: KeyID) {
        self.init(
            centreNumber: id.centreColumn, id: id, version: version, key: key, organisationId: line.organisation, body: line.body,
            nature: line.nature.rawValue, shareHundredths: line.shareHundredths, programme: line.programme, reference: line.reference,
            conditions: line.conditions, fromDay: line.from, toDay: line.to, durableUntil: line.durableUntil,
            agreementId: line.agreement, economicLimitPercent: line.economicLimitPercent)
    }
}
