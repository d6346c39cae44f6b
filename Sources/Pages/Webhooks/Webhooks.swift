import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

struct WebhooksView: Sendable {
    let webhooks: [WebhookRow]
    let idempotencyKey: String
    /// The secret of the new one, shown this once.
    let secret: String?
    let fault: String?
}

/// A webhook, as one line of a list.
struct WebhookRow: Sendable {
    let href: String
    let address: String
    let purpose: String?
    let types: String
    let state: String
    let tone: String
    let lately: String

    init(_ webhook: JSONValue, _ speaker: Speaker) {
        let isEnabled = webhook["enabled"]?.isTrue ?? false
        let cause = webhook["disabledBecause"]?.text ?? "request"
        href = "/webhooks/\(webhook["id"]?.text ?? "")"
        address = webhook["url"]?.text ?? ""
        purpose = webhook["description"]?.text
        let chosen = webhook["types"]?.texts ?? []
        types = chosen.isEmpty ? speaker.say("page.webhook.everyType") : chosen.joined(separator: ", ")
        state = speaker.say(isEnabled ? "page.webhook.enabled" : TextKey(rawValue: "page.webhook.disabled.\(cause)"))
        tone = isEnabled ? "good" : "bad"
        let last = webhook["lastSuccessAt"]?.instant.map {
            speaker.say("page.webhook.lastSuccess", ["moment": .instant($0, in: Zone("Europe/Brussels"))])
        }
        let waiting = webhook["waiting"]?.integer ?? 0
        lately =
            ([last, waiting > 0 ? speaker.say("page.webhook.waiting", ["count": .number(waiting)]) : nil])
            .compactMap(\.self).joined(separator: " · ")
    }
}

extension Pages {
    func webhooks(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await webhooksPage(member, secret: nil, fault: nil)
    }

    /// Makes a webhook and shows its secret this once.
    func makeWebhook(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        var body: [String: JSONValue] = ["url": .string(request.fields["url"] ?? "")]
        if let purpose = request.fields["purpose"] { body["description"] = .string(purpose) }
        let types = (request.fields["types"] ?? "").split { ", \n\r".contains($0) }
        if !types.isEmpty { body["types"] = .array(types.map { .string(String($0)) }) }
        do {
            let made = try await member.api.post("/v1/webhooks", body, key: request.fields["idempotencyKey"])
            let already = member.speaker.say("page.webhook.shownBefore")
            return try await webhooksPage(member, secret: made["secret"]?.text, fault: made["secret"] == nil ? already : nil)
        } catch let refusal as Refusal where refusal.isTold {
            let faults = refusal.issues.isEmpty ? [refusal.detail ?? refusal.title] : refusal.issues.map(\.detail)
            return try await webhooksPage(member, secret: nil, fault: faults.joined(separator: " · "))
        }
    }

    private func webhooksPage(_ member: MemberVisit, secret: String?, fault: String?) async throws -> PageAnswer {
        let speaker = member.speaker
        let webhooks = try await member.api.all("/v1/webhooks")
        return .sheet(
            Sheet(
                "webhooks", title: speaker.say("page.webhooks.title"), status: fault == nil ? .ok : .unprocessableContent,
                section: "webhooks",
                WebhooksView(
                    webhooks: webhooks.map { WebhookRow($0, speaker) }, idempotencyKey: UUID().uuidString.lowercased(), secret: secret,
                    fault: fault)))
    }
}
