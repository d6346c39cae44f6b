import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel
import Postgres

extension Access {
    /// `POST /v1/agreements`: nothing follows from it until another person approves.
    func requestAgreement(_ request: Request, _ context: MemberContext) async throws -> Response {
        let submission = try await request.submission(AgreementRequest.self, in: context)
        let body = submission.body
        let statement = SQL.RequestAgreement(
            body, organisation: body.organisation ?? context.principal.organisationID,
            id: identifiers.make(centre: body.centre.centreColumn),
            by: try context.principal.keyID)
        let known = try await database.first(SQL.KnownCentres(ids: [body.centre]))
        guard known != nil else { throw AgreementRefusal.centreUnknown }
        return try await submit(statement, submission.idempotency, context)
    }

    /// `POST /v1/agreements/{agreementId}/renewal`: asks for the time that follows, on the same terms but for those that are given.
    func renewAgreement(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: AgreementID = try context.path("agreementId")
        let submission = try await request.submission(RenewalRequest.self, in: context, orEmpty: true)
        let old = try await agreement(id, visibleTo: context.principal)
        guard ["upcoming", "inForce", "expired"].contains(old.state) else { throw AgreementRefusal.notInForce(state: old.state) }
        guard let last = old.toDay else { throw AgreementRefusal.endless }
        let statement = SQL.RequestAgreement(
            renewing: old, from: last.adding(days: 1), submission.body, id: identifiers.make(centre: id.centreColumn),
            by: try context.principal.keyID)
        return try await submit(statement, submission.idempotency, context)
    }

    private func submit(
        _ statement: SQL.RequestAgreement, _ idempotency: IdempotencyDirective?, _ context: MemberContext
    ) async throws -> Response {
        let principal = context.principal
        return try await self.idempotency.perform(
            directive: idempotency, organisation: principal.organisationID, settings: principal.settings
        ) { transaction in
            let outcome = try await outcome(of: statement, in: transaction)
            guard outcome == "requested" else { throw AgreementRefusal.of(outcome, state: nil) }
            let made = try await agreement(statement.id, in: transaction)
            return .json(.created, location: "/v1/agreements/\(made.id)") { json in made.writeMembers(to: &json) }
        }
    }

    private func outcome(of statement: SQL.RequestAgreement, in transaction: borrowing PostgresTransaction) async throws -> String {
        do {
            return try await transaction.one(statement).outcome
        } catch {
            throw AgreementRefusal(error) ?? error
        }
    }
}

extension SQL.RequestAgreement {
    fileprivate init(_ body: AgreementRequest, organisation: OrganisationID, id: AgreementID, by key: KeyID) {
        self.init(
            centreNumber: body.centre.centreColumn, id: id, organisationId: organisation, fromDay: body.from, toDay: body.to,
            audiences: body.terms.audiences, platforms: body.terms.platforms, allowsProduction: body.terms.allowsProduction,
            tariff: body.terms.tariff, allowanceHours: body.terms.allowanceHours, renews: nil, note: body.terms.note, by: key)
    }

    fileprivate init(renewing old: SQL.ListAgreements.Row, from: LocalDay, _ body: RenewalRequest, id: AgreementID, by key: KeyID) {
        self.init(
            centreNumber: old.centreNumber, id: id, organisationId: old.organisationId, fromDay: from, toDay: body.to,
            audiences: old.audiences, platforms: old.platforms, allowsProduction: old.allowsProduction,
            tariff: body.tariff ?? old.tariff, allowanceHours: body.allowanceHours ?? old.allowanceHours, renews: old.id,
            note: body.note, by: key)
    }
}
