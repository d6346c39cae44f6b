import Access
import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel
import Postgres

extension Maintenance {
    /// `POST /v1/equipment/{equipmentId}/maintenance-plans`.
    func addPlan(_ request: Request, _ context: MemberContext) async throws -> Response {
        let asset: ResourceID = try context.path("equipmentId")
        try context.principal.require(.centreStaff, .centreManager, at: asset.centreColumn)
        let submission = try await request.submission(PlanRequest.self, in: context)
        let key = try context.principal.keyID
        let id: PlanID = identifiers.make(centre: asset.centreColumn)
        return try await performOrTry(false, submission.idempotency, context) { transaction in
            let body = submission.body
            let row = try await transaction.one(
                SQL.AddPlan(
                    centreNumber: asset.centreColumn, id: id, assetId: asset, by: key, kind: body.kind.rawValue, name: body.name,
                    everyMonths: body.everyMonths, everyUseHours: body.everyUseHours, durationMinutes: body.durationMinutes,
                    lastDoneOn: body.lastDoneOn, binds: body.isRequiredForUse))
            guard row.outcome == "added" else { throw try Self.refusal(row.outcome, nil, of: SQL.AddPlan.name) }
            return try await plan(id, in: transaction).response(.created)
        }
    }

    /// `GET /v1/centres/{centreId}/maintenance-plans`: those of one asset, or those due by a day, when asked.
    func listPlans(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centre: CentreID = try context.path("centreId")
        try context.principal.requireReader(at: centre.centreColumn)
        var query = QueryReader(request)
        let asset: ResourceID? = query.optional("equipmentId")
        let dueBy: LocalDay? = query.optional("dueBy")
        let page = try query.page(of: "listMaintenancePlans \(centre)", signer: cursors)
        let rows = try await database.all(
            SQL.ListPlans(
                centreNumber: centre.centreColumn, id: nil, assetId: asset, dueBy: dueBy, after: try page.after(0),
                rowLimit: Int32(page.limit)),
            settings: context.principal.settings)
        return .list(page, rows, keys: { [$0.id.description] }) { row, json in json.object { json in row.writeMembers(to: &json) } }
    }

    /// `POST /v1/maintenance-plans/{planId}/completions`: it was done, and counts from that day on.
    func completePlan(_ request: Request, _ context: MemberContext) async throws -> Response {
        let submission = try await request.submission(CompletionRequest.self, in: context)
        return try await change(request, submission.idempotency, .created, context) { plan, key, transaction in
            let body = submission.body
            let statement = SQL.CompletePlan(
                centreNumber: plan.id.centreColumn, id: identifiers.make(centre: plan.id.centreColumn), planId: plan.id, by: key,
                version: plan.version, doneOn: body.doneOn, certificate: body.certificate, laboratory: body.laboratory,
                expiresOn: body.expiresOn, note: body.note)
            do throws(PostgresError) {
                let row = try await transaction.one(statement)
                return (row.outcome, row.version)
            } catch {
                throw error.constraint == "completion_expires_later" ? MaintenanceRefusal.expiresBeforeDone : error
            }
        }
    }

    /// `POST /v1/maintenance-plans/{planId}/end`: it is not done any more.
    func endPlan(_ request: Request, _ context: MemberContext) async throws -> Response {
        let submission = try await request.submission(NothingToSay.self, in: context, orEmpty: true)
        return try await change(request, submission.idempotency, .ok, context) { plan, key, transaction in
            let row = try await transaction.one(
                SQL.EndPlan(centreNumber: plan.id.centreColumn, id: plan.id, version: plan.version, by: key))
            return (row.outcome, row.version)
        }
    }

    /// Does what `verb` does to a plan of the version that the caller read, and answers with the plan as it then is.
    private func change(
        _ request: Request, _ directive: IdempotencyDirective?, _ status: HTTPResponse.Status, _ context: MemberContext,
        _ verb: (SQL.ListPlans.Row, KeyID, borrowing PostgresTransaction) async throws -> (String, Int32?)
    ) async throws -> Response {
        let id: PlanID = try context.path("planId")
        try context.principal.require(.centreStaff, .centreManager, at: id.centreColumn)
        let key = try context.principal.keyID
        let versions = try IfMatch(requiredBy: request)
        return try await performOrTry(false, directive, context) { transaction in
            let current = try await plan(id, in: transaction)
            try versions.check(version: Int64(current.version))
            let (outcome, version) = try await verb(current, key, transaction)
            guard ["completed", "ended"].contains(outcome) else { throw try Self.refusal(outcome, version, of: "ChangePlan") }
            return try await plan(id, in: transaction).response(status)
        }
    }

    private func plan(_ id: PlanID, in transaction: borrowing PostgresTransaction) async throws -> SQL.ListPlans.Row {
        let statement = SQL.ListPlans(centreNumber: id.centreColumn, id: id, assetId: nil, dueBy: nil, after: nil, rowLimit: 1)
        guard let plan = try await transaction.first(statement) else { throw MaintenanceRefusal.notFound }
        return plan
    }
}

extension SQL.ListPlans.Row {
    /// Writes the members of the contract's `MaintenancePlan`.
    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("equipmentId", assetId)
        json.member("equipmentName", assetName)
        json.member("kind", kind)
        json.member("name", name)
        json.member("everyMonths", everyMonths)
        json.member("everyUseHours", everyUseHours)
        json.member("durationMinutes", durationMinutes)
        json.member("lastDoneOn", lastDoneOn)
        json.member("requiredForUse", binds)
        json.member("dueOn", dueOn)
        if everyUseHours != nil { json.member("usedMinutes", usedMinutes) }
        json.member("isDue", isDue)
        json.member("certificate", certificate)
        json.member("laboratory", laboratory)
        json.member("certificateExpiresOn", expiresOn)
        json.member("outageId", outageId)
        json.member("endedAt", endedAt)
        json.member("version", version)
    }

    fileprivate func response(_ status: HTTPResponse.Status) -> Response {
        .json(status, eTag: ETag(version: Int64(version))) { json in writeMembers(to: &json) }
    }
}
