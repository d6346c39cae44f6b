import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Labels {
    /// `GET /v1/label-policy`.
    func getPolicy(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        try query.finish()
        let policy = try await database.one(SQL.ReadPolicy())
        return Response.unlessHeld(policy.eTag, by: request) {
            Response.json(eTag: policy.eTag) { json in policy.writeMembers(to: &json) }
        }
    }

    /// `PUT /v1/label-policy`: for what is booked and decided from now on.
    func changePolicy(_ request: Request, _ context: MemberContext) async throws -> Response {
        let versions = try IfMatch(requiredBy: request)
        let policy = try await request.body(LabelPolicyRequest.self, in: context)
        let current = try await database.one(SQL.ReadPolicy())
        try versions.check(version: Int64(current.version))
        let row = try await database.one(policy.statement(over: current.version, by: try context.principal.keyID))
        let changed = try await database.one(SQL.ReadPolicy())
        switch row.outcome {
        case "changed": return Response.json(eTag: changed.eTag) { json in changed.writeMembers(to: &json) }
        case "versionMismatch": throw Problem.preconditionFailed(current: changed.eTag)
        default: throw LabelRefusal(outcome: row.outcome) ?? UnknownOutcome(statement: SQL.ChangePolicy.name, outcome: row.outcome)
        }
    }
}

extension LabelPolicyRequest {
    fileprivate func statement(over version: Int32, by key: KeyID) -> SQL.ChangePolicy {
        SQL.ChangePolicy(
            version: version, termYears: termYears, endsInside: endsInside.rawValue, renewalPending: renewalPending.rawValue,
            afterProvisional: afterProvisional.rawValue, termEnded: termEnded.rawValue, beyondHorizon: beyondHorizon.rawValue,
            provisionalHorizonDays: provisionalHorizonDays, withdrawalNoticeDays: withdrawalNoticeDays, fileNoticeDays: fileNoticeDays,
            pendingReleaseDays: pendingReleaseDays, reminderMonths: reminderMonths, by: key)
    }
}
