import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Platforms
import Postgres

extension Inventory {
    /// `POST /v1/centres/{centreId}/kits`.
    func createKit(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let centre: CentreID = try context.path("centreId")
        try context.principal.require(.centreManager, at: centre.centreColumn)
        try await requireCentre(centre)
        let submission = try await request.submission(KitRequest.self, in: context)
        let id: KitID = identifiers.make(centre: centre.centreColumn)
        let statement = SQL.CreateKit(submission.body, id: id, by: try context.principal.keyID)
        return try await writes.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID, settings: context.principal.settings
        ) { transaction in
            let row = try await answer(statement, in: transaction)
            guard row.outcome == "created" else {
                throw Self.kitRefusal(row.outcome, member: row.member, statement: SQL.CreateKit.name)
            }
            let kit = try await self.kit(id, in: transaction)
            return .json(.created, eTag: kit.eTag, location: "/v1/kits/\(id)") { json in kit.writeMembers(to: &json) }
        }
    }

    /// `PUT /v1/kits/{kitId}`: for bookings from now on; those made keep what they have.
    func changeKit(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: KitID = try context.path("kitId")
        try context.principal.require(.centreManager, at: id.centreColumn)
        let versions = try IfMatch(requiredBy: request)
        let body = try await request.body(KitRequest.self, in: context)
        let key = try context.principal.keyID
        return try await database.transaction(settings: context.principal.settings) { transaction in
            let former = try await kit(id, in: transaction)
            try versions.check(version: Int64(former.version))
            let row = try await answer(SQL.ChangeKit(body, id: id, version: former.version, by: key), in: transaction)
            guard row.outcome == "changed" else {
                throw Self.kitRefusal(row.outcome, version: row.version, member: row.member, statement: SQL.ChangeKit.name)
            }
            let changed = try await kit(id, in: transaction)
            return .json(eTag: changed.eTag) { json in changed.writeMembers(to: &json) }
        }
    }

    private static func kitRefusal(
        _ outcome: String, version: Int32? = nil, member: Int32? = nil, statement: String
    ) -> any Error {
        switch (outcome, version, member) {
        case ("notFound", _, _): InventoryRefusal.notFound
        case ("forbidden", _, _): Problem.forbidden(roles: [.centreManager])
        case ("versionMismatch", let version?, _): InventoryRefusal.changedMeanwhile(version: version)
        case ("memberUnknown", _, let member?): InventoryRefusal.kitMemberUnknown(number: member)
        default: UnknownOutcome(statement: statement, outcome: outcome)
        }
    }
}

extension SQL.CreateKit {
    fileprivate init(_ kit: KitRequest, id: KitID, by key: KeyID) {
        self.init(
            centreNumber: id.centreColumn, id: id, key: key, name: kit.name, description: kit.description, fromDay: kit.from,
            toDay: kit.to, things: kit.things, areModels: kit.areModels, amounts: kit.members.map(\.amount),
            exclusive: kit.members.map(\.isExclusive))
    }
}

extension SQL.ChangeKit {
    fileprivate init(_ kit: KitRequest, id: KitID, version: Int32, by key: KeyID) {
        self.init(
            centreNumber: id.centreColumn, id: id, version: version, key: key, name: kit.name, description: kit.description,
            fromDay: kit.from, toDay: kit.to, things: kit.things, areModels: kit.areModels, amounts: kit.members.map(\.amount),
            exclusive: kit.members.map(\.isExclusive))
    }
}
