import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Access {
    /// `POST /v1/agreements/{agreementId}/approval`: by another person than the one who asked.
    func approveAgreement(_ request: Request, _ context: MemberContext) async throws -> Response {
        try await decideAgreement(request, context, approves: true)
    }

    /// `POST /v1/agreements/{agreementId}/rejection`.
    func rejectAgreement(_ request: Request, _ context: MemberContext) async throws -> Response {
        try await decideAgreement(request, context, approves: false)
    }

    private func decideAgreement(_ request: Request, _ context: MemberContext, approves: Bool) async throws -> Response {
        let id: AgreementID = try context.path("agreementId")
        let submission = try await request.submission(AgreementNote.self, in: context, orEmpty: true)
        let key = try context.principal.keyID
        return try await change(id, submission.idempotency, context) { transaction in
            let statement = SQL.DecideAgreement(
                centreNumber: id.centreColumn, id: id, approves: approves, note: submission.body.note, by: key)
            return try await decided(statement, in: transaction)
        }
    }

    private func decided(
        _ statement: SQL.DecideAgreement, in transaction: borrowing PostgresTransaction
    ) async throws -> (outcome: String, state: String?) {
        do throws(PostgresError) {
            let row = try await transaction.one(statement)
            return (row.outcome, row.state)
        } catch {
            throw AgreementRefusal(error) ?? error
        }
    }

    /// `POST /v1/agreements/{agreementId}/withdrawal`: takes back what nobody has decided on.
    func withdrawAgreement(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: AgreementID = try context.path("agreementId")
        let submission = try await request.submission(NothingToSay.self, in: context, orEmpty: true)
        let key = try context.principal.keyID
        return try await change(id, submission.idempotency, context) { transaction in
            let row = try await transaction.one(SQL.WithdrawAgreement(centreNumber: id.centreColumn, id: id, by: key))
            return (row.outcome, row.state)
        }
    }

    /// `POST /v1/agreements/{agreementId}/termination`: ends it before its time; what is booked stays booked.
    func endAgreement(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: AgreementID = try context.path("agreementId")
        let submission = try await request.submission(EndRequest.self, in: context, orEmpty: true)
        let key = try context.principal.keyID
        return try await change(id, submission.idempotency, context) { transaction in
            let row = try await transaction.one(
                SQL.EndAgreement(
                    centreNumber: id.centreColumn, id: id, lastDay: submission.body.lastDay, reason: submission.body.reason, by: key))
            return (row.outcome, row.state)
        }
    }

    /// Does what `verb` does, and answers with the agreement as it then is.
    private func change(
        _ id: AgreementID, _ directive: IdempotencyDirective?, _ context: MemberContext,
        _ verb: (borrowing PostgresTransaction) async throws -> (outcome: String, state: String?)
    ) async throws -> Response {
        let principal = context.principal
        return try await idempotency.perform(
            directive: directive, organisation: principal.organisationID, settings: principal.settings
        ) { transaction in
            let (outcome, state) = try await verb(transaction)
            guard ["approved", "rejected", "withdrawn", "ended"].contains(outcome) else {
                throw AgreementRefusal.of(outcome, state: state)
            }
            let changed = try await agreement(id, in: transaction)
            return .json { json in changed.writeMembers(to: &json) }
        }
    }
}
