import Access
import HTTPEdge
import Hummingbird
import Kernel
import Platforms
import Postgres

extension Offers {
    /// `POST /v1/centres/{centreId}/offers`.
    func create(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let centre: CentreID = try context.path("centreId")
        try context.principal.require(.centreManager, at: centre.centreColumn)
        let submission = try await request.submission(OfferRequest.self, in: context)
        let id: OfferID = identifiers.make(centre: centre.centreColumn)
        let statement = SQL.CreateOffer(submission.body, id: id, by: try context.principal.keyID)
        return try await writes.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID, settings: context.principal.settings
        ) { transaction in
            let outcome = try await answer(statement, in: transaction).outcome
            guard outcome == "created" else { throw OfferRefusal.of(outcome, statement: SQL.CreateOffer.name) }
            let offer = try await offer(id, in: transaction)
            // An identifier that only looks like the centre's.
            guard offer.centreId == centre else { throw OfferRefusal.notFound }
            return .json(.created, eTag: offer.eTag, location: "/v1/offers/\(id)") { json in offer.writeMembers(to: &json) }
        }
    }

    /// `PUT /v1/offers/{offerId}`: for bookings from now on; those that name it keep it.
    func change(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: OfferID = try context.path("offerId")
        try context.principal.require(.centreManager, at: id.centreColumn)
        let versions = try IfMatch(requiredBy: request)
        let body = try await request.body(OfferRequest.self, in: context)
        let key = try context.principal.keyID
        return try await database.transaction(settings: context.principal.settings) { transaction in
            let former = try await offer(id, in: transaction)
            try versions.check(version: Int64(former.version))
            let row = try await answer(SQL.ChangeOffer(body, id: id, version: former.version, by: key), in: transaction)
            guard row.outcome == "changed" else {
                throw OfferRefusal.of(row.outcome, version: row.version, statement: SQL.ChangeOffer.name)
            }
            let changed = try await offer(id, in: transaction)
            return .json(eTag: changed.eTag) { json in changed.writeMembers(to: &json) }
        }
    }

    /// `POST /v1/offers/{offerId}/withdrawal`: no booking names it any more; those that do keep it.
    func withdraw(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: OfferID = try context.path("offerId")
        try context.principal.require(.centreManager, at: id.centreColumn)
        let submission = try await request.submission(OfferWithdrawal.self, in: context)
        let key = try context.principal.keyID
        let versions = try IfMatch(requiredBy: request)
        return try await writes.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID, settings: context.principal.settings
        ) { transaction in
            let former = try await offer(id, in: transaction)
            try versions.check(version: Int64(former.version))
            let row = try await transaction.one(
                SQL.WithdrawOffer(
                    centreNumber: id.centreColumn, id: id, version: former.version, key: key, reason: submission.body.reason))
            guard row.outcome == "done" else {
                throw OfferRefusal.of(row.outcome, version: row.version, statement: SQL.WithdrawOffer.name)
            }
            let withdrawn = try await offer(id, in: transaction)
            return .json(eTag: withdrawn.eTag) { json in withdrawn.writeMembers(to: &json) }
        }
    }

    /// - Throws: the refusal that a violated constraint stands for.
    private func answer<Statement: PostgresStatement>(
        _ statement: Statement, in transaction: borrowing PostgresTransaction
    ) async throws -> Statement.Row {
        do {
            return try await transaction.one(statement)
        } catch {
            throw OfferRefusal(constraint: error.constraint) ?? error
        }
    }
}

extension SQL.CreateOffer {
    fileprivate init(_ offer: OfferRequest, id: OfferID, by key: KeyID) {
        self.init(
            centreNumber: id.centreColumn, id: id, key: key, kind: offer.kind.rawValue, code: offer.code, title: offer.title,
            description: offer.description, sector: offer.sector.description, technologies: offer.technologies.map(\.description),
            audiences: offer.audiences.map(\.text), platforms: offer.platforms, durationMinutes: offer.durationMinutes,
            mostParticipants: offer.mostParticipants, organisationId: offer.organisation, fromDay: offer.from, toDay: offer.to)
    }
}

extension SQL.ChangeOffer {
    fileprivate init(_ offer: OfferRequest, id: OfferID, version: Int32, by key: KeyID) {
        self.init(
            centreNumber: id.centreColumn, id: id, version: version, key: key, kind: offer.kind.rawValue, code: offer.code,
            title: offer.title, description: offer.description, sector: offer.sector.description,
            technologies: offer.technologies.map(\.description), audiences: offer.audiences.map(\.text), platforms: offer.platforms,
            durationMinutes: offer.durationMinutes, mostParticipants: offer.mostParticipants, organisationId: offer.organisation,
            fromDay: offer.from, toDay: offer.to)
    }
}
