import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Delivery {
    /// `POST /v1/calendar-feeds`: for the key of the caller.
    ///
    /// A retry gets the answer without the address.
    func createFeed(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let submission = try await request.submission(FeedRequest.self, in: context)
        let (body, principal) = (submission.body, context.principal)
        var random = identifiers.generator
        let token = FeedToken.make(random: &random)
        let statement = SQL.CreateFeed(
            id: identifiers.make(), organisationId: principal.organisationID, kind: body.kind.rawValue, subjectId: body.subject,
            digest: token.digest, language: body.language?.rawValue ?? context.speaker.language.rawValue, description: body.description,
            by: try principal.keyID)
        return try await writes.performKeeping(
            directive: submission.idempotency, organisation: principal.organisationID, settings: principal.settings
        ) { transaction in
            let outcome = try await transaction.one(statement).outcome
            guard outcome == "created" else { throw DeliveryRefusal.ofFeed(outcome, statement: SQL.CreateFeed.name) }
            let row = try await transaction.all(SQL.ListFeeds(id: statement.id, keyId: nil, after: nil, rowLimit: 1)).first
            guard let row else { throw DeliveryRefusal.feedUnknown }
            let location = "/v1/calendar-feeds/\(row.id)"
            return (
                answer: .json(.created, location: location) { json in row.writeMembers(to: &json, url: self.site + token.path) },
                kept: .json(.created, location: location) { json in row.writeMembers(to: &json) }
            )
        }
    }

    /// `GET /v1/calendar-feeds`: those of the caller's key; all of the organisation for who manages it.
    func listFeeds(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let page = try query.page(of: "listCalendarFeeds", signer: cursors)
        let statement = SQL.ListFeeds(
            id: nil, keyId: try ownKey(of: context.principal), after: try page.after(0), rowLimit: Int32(page.limit))
        let rows = try await database.all(statement, settings: context.principal.settings)
        return .list(page, rows, keys: { [$0.id.description] }) { $0.write(to: &$1) }
    }

    /// `GET /v1/calendar-feeds/{feedId}`, without its address.
    func getFeed(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let statement = SQL.ListFeeds(
            id: try context.path("feedId"), keyId: try ownKey(of: context.principal), after: nil, rowLimit: 1)
        guard let row = try await database.all(statement, settings: context.principal.settings).first else {
            throw DeliveryRefusal.feedUnknown
        }
        return .json { json in row.writeMembers(to: &json) }
    }

    /// `DELETE /v1/calendar-feeds/{feedId}`: its address leads nowhere from then on.
    func revokeFeed(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let statement = SQL.RevokeFeed(
            id: try context.path("feedId"), organisationId: context.principal.organisationID, by: try context.principal.keyID)
        let outcome = try await database.one(statement).outcome
        guard outcome == "revoked" else { throw DeliveryRefusal.ofFeed(outcome, statement: SQL.RevokeFeed.name) }
        return .empty()
    }

    /// Whose feeds the caller sees: nil for who manages the organisation.
    private func ownKey(of principal: Principal) throws -> KeyID? {
        principal.holdsSomewhere(anyOf: [.organisationAdmin, .centreManager, .networkManager]) ? nil : try principal.keyID
    }
}
