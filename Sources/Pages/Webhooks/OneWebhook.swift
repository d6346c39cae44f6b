import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

struct WebhookView: Sendable {
    struct Delivery: Sendable {
        let deliveryId: String
        let type: String
        let at: String
        let state: String
        let tone: String
        let attempts: [String]
        /// Whether it can be sent again.
        let mayReplay: Bool
    }

    let id: String
    let row: WebhookRow
    let tabs: [BookingsView.Tab]
    let deliveries: [Delivery]
    let nextHref: String?
    let key: String
}

extension Pages {
    private static let deliveryStates = ["pending", "delivered", "failed"]

    /// A webhook with what was sent to it, and what came of it.
    func webhook(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: WebhookID = try request.path("webhookId")
        let speaker = member.speaker
        let path = "/webhooks/\(id)"
        let state = request.fields["state"].flatMap { Self.deliveryStates.contains($0) ? $0 : nil }
        let webhook = try await member.api.get("/v1\(path)")
        let page = try await member.api.get("/v1\(path)/deliveries", ["state": state, "cursor": request.fields["cursor"]])
        let all = BookingsView.Tab(name: speaker.say("page.delivery.all"), href: path, isCurrent: state == nil)
        let query = state.map { "state=\($0)&" } ?? ""
        return .sheet(
            Sheet(
                "webhook", title: webhook["url"]?.text ?? "", section: "webhooks",
                WebhookView(
                    id: "\(id)", row: WebhookRow(webhook, speaker),
                    tabs: [all]
                        + Self.deliveryStates.map {
                            .init(
                                name: speaker.say(TextKey(rawValue: "page.delivery.\($0)")), href: "\(path)?state=\($0)",
                                isCurrent: state == $0)
                        },
                    deliveries: (page["items"]?.items ?? []).map { WebhookView.Delivery($0, speaker) },
                    nextHref: page["next"]?.text.map { "\(path)?\(query)cursor=\(PercentEncoding.encode($0))" },
                    key: UUID().uuidString.lowercased())))
    }

    /// Sends a test event, so that one sees that it arrives.
    func testWebhook(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: WebhookID = try request.path("webhookId")
        _ = try await member.api.post("/v1/webhooks/\(id)/test", [:], key: request.fields["idempotencyKey"])
        return .seeOther("/webhooks/\(id)?news=webhookTested")
    }

    func replayDelivery(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: WebhookID = try request.path("webhookId")
        let delivery: EventID = try request.path("deliveryId")
        _ = try await member.api.post(
            "/v1/webhooks/\(id)/deliveries/\(delivery)/replay", [:], key: request.fields["idempotencyKey"])
        return .seeOther("/webhooks/\(id)?news=replayed")
    }

    func removeWebhook(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: WebhookID = try request.path("webhookId")
        try await member.api.delete("/v1/webhooks/\(id)")
        return .seeOther("/webhooks?news=webhookRemoved")
    }
}

extension WebhookView.Delivery {
    fileprivate init(_ delivery: JSONValue, _ speaker: Speaker) {
        let zone = Zone("Europe/Brussels")
        let code = delivery["state"]?.text ?? "pending"
        deliveryId = delivery["id"]?.text ?? ""
        type = delivery["type"]?.text ?? ""
        at = delivery["createdAt"]?.instant.flatMap { instant in zone.map { speaker.moment(instant, $0) } } ?? ""
        state = speaker.say(TextKey(rawValue: "page.delivery.\(code)"))
        tone = code == "delivered" ? "good" : code == "failed" ? "bad" : "fair"
        attempts = (delivery["attempts"]?.items ?? []).prefix(5).map { attempt in
            let outcome = speaker.say(TextKey(rawValue: "page.attempt.\(attempt["outcome"]?.text ?? "delivered")"))
            let when = attempt["at"]?.instant.flatMap { instant in zone.map { speaker.moment(instant, $0) } }
            return [when, outcome, attempt["status"]?.integer.map { "HTTP \($0)" }, attempt["milliseconds"]?.integer.map { "\($0) ms" }]
                .compactMap(\.self).joined(separator: " · ")
        }
        mayReplay = code != "pending"
    }
}
