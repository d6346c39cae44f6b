import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

/// What has become of a message.
enum MessageState: String, CaseIterable, RequestValue {
    case pending, delivered, failed
}

extension Delivery {
    /// `GET /v1/webhooks/{webhookId}/deliveries`: the newest first, each with its last attempts.
    func listDeliveries(_ request: Request, _ context: MemberContext) async throws -> Response {
        let webhook: WebhookID = try context.path("webhookId")
        var query = QueryReader(request)
        let state: MessageState? = query.optional("state")
        let page = try query.page(of: "listDeliveries \(webhook)", signer: cursors)
        _ = try await self.webhook(webhook, of: context.principal)
        let rows = try await database.all(
            SQL.ListDeliveries(
                webhookId: webhook, id: nil, state: state?.rawValue, afterCreated: try page.after(0), afterId: try page.after(1),
                rowLimit: Int32(page.limit)),
            settings: context.principal.settings)
        return .list(page, rows, keys: { [$0.createdAt.rfc3339, $0.id.description] }) { $0.write(to: &$1) }
    }

    /// `POST /v1/webhooks/{webhookId}/test`: sends an event of the type `webhook.test`, once.
    func testWebhook(_ request: Request, _ context: MemberContext) async throws -> Response {
        let webhook: WebhookID = try context.path("webhookId")
        let message: EventID = identifiers.make()
        let key = try context.principal.keyID
        return try await send(webhook, message, request, context) { transaction in
            try await transaction.one(
                SQL.SendWebhookTest(id: webhook, organisationId: context.principal.organisationID, message: message, by: key)
            ).outcome
        }
    }

    /// `POST /v1/webhooks/{webhookId}/deliveries/{deliveryId}/replay`: sends it again, under the same id.
    func replayDelivery(_ request: Request, _ context: MemberContext) async throws -> Response {
        let webhook: WebhookID = try context.path("webhookId")
        let message: EventID = try context.path("deliveryId")
        let key = try context.principal.keyID
        return try await send(webhook, message, request, context) { transaction in
            try await transaction.one(
                SQL.ReplayDelivery(id: webhook, organisationId: context.principal.organisationID, message: message, by: key)
            ).outcome
        }
    }

    /// Puts a message on its way, and answers 202 with it.
    private func send(
        _ webhook: WebhookID, _ message: EventID, _ request: Request, _ context: MemberContext,
        _ verb: (borrowing PostgresTransaction) async throws -> String
    ) async throws -> Response {
        try QueryReader.none(in: request)
        let submission = try await request.submission(NothingToSay.self, in: context, orEmpty: true)
        return try await writes.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID, settings: context.principal.settings
        ) { transaction in
            let outcome = try await verb(transaction)
            guard outcome == "sent" else { throw DeliveryRefusal.of(outcome, statement: "send") }
            let row = try await transaction.all(
                SQL.ListDeliveries(webhookId: webhook, id: message, state: nil, afterCreated: nil, afterId: nil, rowLimit: 1)
            ).first
            guard let row else { throw DeliveryRefusal.webhookUnknown }
            return .json(.accepted) { json in row.writeMembers(to: &json) }
        }
    }
}

extension SQL.ListDeliveries.Row: JSONWritable {
    func write(to json: inout JSONWriter) {
        json.object { json in writeMembers(to: &json) }
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("type", type)
        json.member("state", state)
        json.member("createdAt", createdAt)
        json.member("nextAttemptAt", nextAt)
        json.member("settledAt", settledAt)
        json.array("attempts", attemptTimes.indices) { index, json in
            json.object { json in
                json.member("at", attemptTimes[index])
                json.member("outcome", attemptOutcomes[index])
                if attemptStatuses[index] > 0 { json.member("status", attemptStatuses[index]) }
                json.member("milliseconds", attemptMilliseconds[index])
            }
        }
    }
}
