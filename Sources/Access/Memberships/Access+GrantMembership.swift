import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel
import Postgres

/// The body of `grantMembership`.
struct MembershipSubmission: RequestObject {
    let from: LocalDay
    let to: LocalDay?

    init?(reading fields: inout FieldReader) {
        let from = fields.required("from", LocalDay.self)
        let to = fields.optional("to", LocalDay.self)
        guard let from else { return nil }
        if let to, to < from { fields.refuse("to", Text("reason.daysReversed")) }
        self.from = from
        self.to = to
    }
}

extension Access {
    func grantMembership(_ request: Request, _ context: MemberContext) async throws -> Response {
        let organisation = try context.path("organisationId", OrganisationID.self)
        let submission = try await request.submission(MembershipSubmission.self, in: context)
        let key = try context.principal.keyID
        return try await idempotency.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID
        ) { transaction in
            let membership = try await grantMembership(of: organisation, submission.body, by: key, in: transaction)
            return .json(.created) { json in membership.writeMembers(to: &json) }
        }
    }

    func grantMembership(
        of organisation: OrganisationID, _ days: MembershipSubmission, by key: KeyID, in transaction: borrowing PostgresTransaction
    ) async throws -> Membership {
        let id = identifiers.make(OrganisationID.self).rawValue
        do {
            let row = try await transaction.one(
                SQL.GrantMembership(organisationId: organisation, id: id, fromDay: days.from, toDay: days.to, by: key))
            return Membership(id: id, from: days.from, to: days.to, recordedAt: row.recordedAt)
        } catch {
            if let refusal = AccessRefusal(error) { throw refusal }
            throw AgreementRefusal(error) ?? error
        }
    }
}
