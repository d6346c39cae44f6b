import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Postgres

/// The state that an asset goes to, and why.
struct StateRequest: RequestObject {
    let state: AssetState
    let reason: String
    /// From when on it can be used again; nil: not known.
    let expectedAt: Instant?
    /// Why it is retired although funds still bind it; nil: it is not.
    let durabilityOverride: String?

    init?(reading fields: inout FieldReader) {
        let state: AssetState? = fields.required("state")
        let reason = fields.required("reason", maximum: 500)
        expectedAt = fields.optional("expectedAt")
        durabilityOverride = fields.optional("durabilityOverride", maximum: 500)
        guard let state, let reason else { return nil }
        self.state = state
        self.reason = reason
    }
}

extension Inventory {
    /// `POST /v1/equipment/{equipmentId}/states`: takes an asset to another state, which is recorded.
    func changeState(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: ResourceID = try context.path("equipmentId")
        try context.principal.require(.centreManager, at: id.centreColumn)
        let submission = try await request.submission(StateRequest.self, in: context)
        let key = try context.principal.keyID
        let versions = try IfMatch(requiredBy: request)
        return try await writes.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID, settings: context.principal.settings
        ) { transaction in
            guard let current = try await transaction.first(SQL.FindAsset(id: id)) else { throw InventoryRefusal.notFound }
            try versions.check(version: Int64(current.version))
            try await change(current, to: submission.body, by: key, in: transaction)
            guard let changed = try await transaction.first(SQL.FindAsset(id: id)) else { throw InventoryRefusal.notFound }
            return Response.json(eTag: changed.eTag) { json in changed.writeMembers(to: &json) }
        }
    }

    private func change(
        _ asset: SQL.FindAsset.Row, to wanted: StateRequest, by key: KeyID, in transaction: borrowing PostgresTransaction
    ) async throws {
        let statement = SQL.ChangeState(
            centreNumber: asset.id.centreColumn, id: asset.id, version: asset.version, by: key, state: wanted.state.rawValue,
            expectedAt: wanted.expectedAt, reason: wanted.reason, overrideReason: wanted.durabilityOverride)
        let row: SQL.ChangeState.Row
        do {
            row = try await transaction.one(statement)
        } catch {
            throw error.inventoryRefusal
        }
        let bond = FundingBond(line: row.lineId, until: row.durableUntil, funder: row.funder)
        switch (row.outcome, row.version, row.takenAt) {
        case ("changed", _, _): return
        case ("durable", _, _): throw bond.map { InventoryRefusal.durable($0) } ?? .notFound
        case ("notFound", _, _): throw InventoryRefusal.notFound
        case ("forbidden", _, _): throw Problem.forbidden(roles: [.centreManager])
        case ("versionMismatch", let version?, _): throw InventoryRefusal.changedMeanwhile(version: version)
        case ("notAllowed", _, _): throw InventoryRefusal.stateNotAllowed(from: row.state ?? asset.state, to: wanted.state.rawValue)
        case ("booked", _, let moment?): throw InventoryRefusal.booked(at: moment, zone: asset.zone)
        default: throw UnknownOutcome(statement: SQL.ChangeState.name, outcome: row.outcome)
        }
    }

    /// `GET /v1/equipment/{equipmentId}/history`: every change of state and of place, for its centre and the network.
    func history(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: ResourceID = try context.path("equipmentId")
        let principal = context.principal
        guard principal.holds(.instructor, .centreStaff, .centreManager, .networkAuditor, at: id.centreColumn) else {
            throw Problem.forbidden(roles: [.instructor, .centreStaff, .centreManager])
        }
        _ = try await equipment(id)
        async let transitions = database.all(SQL.ListTransitions(id: id), settings: principal.settings)
        async let moves = database.all(SQL.ListMoves(id: id), settings: principal.settings)
        async let overrides = database.all(SQL.ListDurabilityOverrides(id: id), settings: principal.settings)
        let (states, places, exceptions) = (try await transitions, try await moves, try await overrides)
        return Response.json { json in
            json.array("states", states) { $0.write(to: &$1) }
            json.array("moves", places) { $0.write(to: &$1) }
            json.array("durabilityOverrides", exceptions) { $0.write(to: &$1) }
        }
    }
}

extension SQL.ListTransitions.Row {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("from", fromState)
            json.member("to", toState)
            json.member("expectedAt", expectedAt)
            json.member("at", at)
            json.member("keyId", keyId)
            json.member("reason", reason)
        }
    }
}

extension SQL.ListDurabilityOverrides.Row {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("fundingLineId", fundingLineId)
            json.member("durableUntil", durableUntil)
            json.array("changes", changes)
            json.member("reason", reason)
            json.member("keyId", keyId)
            json.member("at", at)
        }
    }
}

extension SQL.ListMoves.Row {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("fromSiteId", fromSiteId)
            json.member("fromPlatformId", fromPlatformId)
            json.member("toSiteId", toSiteId)
            json.member("toPlatformId", toPlatformId)
            json.member("at", at)
            json.member("keyId", keyId)
        }
    }
}
