import Access
import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel
import Postgres

extension Delivery {
    /// `POST /v1/webhooks`: of the caller's own organisation.
    ///
    /// A retry gets the answer without the secret.
    func createWebhook(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let submission = try await request.submission(WebhookRequest.self, in: context)
        let body = submission.body
        try destinations.check(body.url)
        let principal = context.principal
        let statement = SQL.CreateWebhook(
            id: identifiers.make(), organisationId: principal.organisationID, url: body.url, description: body.description,
            types: body.types.column, by: try principal.keyID)
        return try await writes.performKeeping(
            directive: submission.idempotency, organisation: principal.organisationID, settings: principal.settings
        ) { transaction in
            let outcome = try await transaction.one(statement).outcome
            guard outcome == "created" else { throw DeliveryRefusal.of(outcome, statement: SQL.CreateWebhook.name) }
            return try await shown(statement.id, .created, in: transaction)
        }
    }

    /// `POST /v1/webhooks/{webhookId}/secret-rotation`.
    func rotateSecret(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: WebhookID = try context.path("webhookId")
        let submission = try await request.submission(RotationRequest.self, in: context, orEmpty: true)
        let principal = context.principal
        let statement = SQL.RotateWebhookSecret(
            id: id, organisationId: principal.organisationID, overlapHours: submission.body.overlapHours, by: try principal.keyID)
        return try await writes.performKeeping(
            directive: submission.idempotency, organisation: principal.organisationID, settings: principal.settings
        ) { transaction in
            let outcome = try await transaction.one(statement).outcome
            guard outcome == "rotated" else { throw DeliveryRefusal.of(outcome, statement: SQL.RotateWebhookSecret.name) }
            return try await shown(id, .ok, in: transaction)
        }
    }

    /// The answer with the secret, and the one without that a retry gets.
    private func shown(
        _ id: WebhookID, _ status: HTTPResponse.Status, in transaction: borrowing PostgresTransaction
    ) async throws -> (answer: Response, kept: Response) {
        let row = try await transaction.all(SQL.ListWebhooks(id: id, after: nil, rowLimit: 1)).first
        guard let row else { throw DeliveryRefusal.webhookUnknown }
        let secret = secrets.secret(of: id, number: row.secretNumber)
        let location = status == .created ? "/v1/webhooks/\(id)" : nil
        return (
            answer: .json(status, eTag: row.eTag, location: location) { json in row.writeMembers(to: &json, secret: secret) },
            kept: .json(status, eTag: row.eTag, location: location) { json in row.writeMembers(to: &json) }
        )
    }

    /// `GET /v1/webhooks`.
    func listWebhooks(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let page = try query.page(of: "listWebhooks", signer: cursors)
        let statement = SQL.ListWebhooks(id: nil, after: try page.after(0), rowLimit: Int32(page.limit))
        let rows = try await database.all(statement, settings: context.principal.settings)
        return .list(page, rows, keys: { [$0.id.description] }) { $0.write(to: &$1) }
    }

    /// `GET /v1/webhooks/{webhookId}`, never 304: what waits changes without a new version.
    func getWebhook(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let webhook = try await webhook(try context.path("webhookId"), of: context.principal)
        return .json(eTag: webhook.eTag) { json in webhook.writeMembers(to: &json) }
    }

    /// `PATCH /v1/webhooks/{webhookId}`.
    func changeWebhook(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: WebhookID = try context.path("webhookId")
        let versions = try IfMatch(requiredBy: request)
        let change = try await request.body(WebhookChange.self, in: context)
        guard !change.isEmpty else { throw DeliveryRefusal.nothingGiven }
        if let url = change.url { try destinations.check(url) }
        let current = try await webhook(id, of: context.principal)
        try versions.check(version: Int64(current.version))
        let statement = SQL.ChangeWebhook(
            id: id, organisationId: context.principal.organisationID, version: current.version, url: change.url ?? current.url,
            description: change.description ?? current.description, types: change.types.map(\.column) ?? current.types,
            enabled: change.isEnabled ?? (current.state == "enabled"), by: try context.principal.keyID)
        let outcome = try await database.one(statement).outcome
        if outcome == "versionMismatch" { throw DeliveryRefusal.changedMeanwhile(version: current.version) }
        guard outcome == "changed" else { throw DeliveryRefusal.of(outcome, statement: SQL.ChangeWebhook.name) }
        let changed = try await webhook(id, of: context.principal)
        return .json(eTag: changed.eTag) { json in changed.writeMembers(to: &json) }
    }

    /// `DELETE /v1/webhooks/{webhookId}`: with its log.
    func removeWebhook(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let statement = SQL.RemoveWebhook(
            id: try context.path("webhookId"), organisationId: context.principal.organisationID, by: try context.principal.keyID)
        let outcome = try await database.one(statement).outcome
        guard outcome == "removed" else { throw DeliveryRefusal.of(outcome, statement: SQL.RemoveWebhook.name) }
        return .empty()
    }

    /// - Throws: ``DeliveryRefusal/webhookUnknown`` for another organisation's too.
    func webhook(_ id: WebhookID, of principal: Principal) async throws -> SQL.ListWebhooks.Row {
        let row = try await database.all(SQL.ListWebhooks(id: id, after: nil, rowLimit: 1), settings: principal.settings).first
        guard let row else { throw DeliveryRefusal.webhookUnknown }
        return row
    }
}
