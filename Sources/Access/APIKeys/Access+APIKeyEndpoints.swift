import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel
import Postgres

extension Access {
    /// A retry gets the answer without the secret, which is kept nowhere.
    func createAPIKey(_ request: Request, _ context: MemberContext) async throws -> Response {
        let organisation = try await administeredOrganisation(context)
        let submission = try await request.submission(APIKeySubmission.self, in: context)
        let author = try context.principal.keyID
        let new = submission.body.key(of: organisation)
        try await check(submission.body, new, by: context.principal)
        return try await idempotency.performKeeping(
            directive: submission.idempotency, organisation: context.principal.organisationID
        ) { transaction in
            let issued = try await issueKey(new, for: organisation, by: author, in: transaction)
            return (
                answer: .json(.created) { json in issued.key.writeMembers(to: &json, secret: issued.secret) },
                kept: .json(.created) { json in issued.key.writeMembers(to: &json) }
            )
        }
    }

    func listAPIKeys(_ request: Request, _ context: MemberContext) async throws -> Response {
        let organisation = try await administeredOrganisation(context)
        var query = QueryReader(request)
        let page = try query.page(of: "listApiKeys \(organisation)", signer: signer)
        let rows = try await database.all(
            SQL.ListAPIKeys(organisationId: organisation, after: try page.after(0), rowLimit: Int32(page.limit)),
            settings: context.principal.settings)
        let keys = rows.map { APIKey($0, organisation: organisation) }
        return .list(page, keys, keys: { [$0.id.description] }) { $0.write(to: &$1) }
    }

    func revokeAPIKey(_ request: Request, _ context: MemberContext) async throws -> Response {
        let organisation = try await administeredOrganisation(context)
        let key = try context.path("keyId", KeyID.self)
        guard try await database.first(SQL.RevokeAPIKey(organisationId: organisation, id: key)) != nil else {
            throw AccessRefusal.keyUnknown
        }
        // Other instances hear of it; here it holds before the caller is told.
        knownKeys.forgetAll()
        return .empty()
    }

    /// The organisation of the path, which the caller must run; any other answers as one that does not exist.
    private func administeredOrganisation(_ context: MemberContext) async throws -> OrganisationID {
        let id = try context.path("organisationId", OrganisationID.self)
        guard context.principal.administers(id) else { throw AccessRefusal.organisationUnknown }
        // A statement of its own: the optimiser of Swift 6.3 crashes on a call that both waits and throws inside such a condition.
        let organisation = try await organisation(id, visibleTo: context.principal)
        guard organisation != nil else { throw AccessRefusal.organisationUnknown }
        return id
    }

    private func check(_ body: APIKeySubmission, _ new: NewAPIKey, by principal: Principal) async throws {
        if let refused = new.grants.first(where: { !GrantingRules.mayGrant($0, by: principal) }) {
            throw AccessRefusal.roleNotGrantable(refused.role)
        }
        if let expiresAt = new.expiresAt, expiresAt <= identifiers.clock.now() { throw AccessRefusal.expiryPassed }
        try await checkCentres(of: body.roles)
    }

    /// - Throws: ``AccessRefusal`` that names the first role at a centre that does not exist.
    func checkCentres(of roles: [RoleSubmission]) async throws {
        let known = Set(try await database.all(SQL.KnownCentres(ids: roles.compactMap(\.centreID))).map(\.id))
        if let index = roles.firstIndex(where: { $0.centreID.map { !known.contains($0) } ?? false }) {
            throw AccessRefusal.centreUnknown(index: index)
        }
    }
}
