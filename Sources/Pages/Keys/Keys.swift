import Access
import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

struct KeysView: Sendable {
    struct Key: Sendable {
        let id: String
        let label: String
        /// The first characters, or that a person acts as it.
        let beginning: String
        let roles: String
        let created: String
        let state: String
        let tone: String
        let mayRevoke: Bool
        /// That the key which made it is revoked, and this one is not.
        let trace: String?
    }

    let keys: [Key]
    let roles: [SearchView.Option]
    let idempotencyKey: String
    /// The new key, shown this once.
    let secret: String?
    let fault: String?
}

extension Pages {
    private static let offered = ["member", "booker", "organisationAdmin"]

    func keys(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await keysPage(member, secret: nil, fault: nil)
    }

    /// Makes a key and shows it this once; sending the form again shows no secret and makes no second key.
    func makeKey(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let role = request.fields["role"].flatMap { Self.offered.contains($0) ? $0 : nil } ?? Self.offered[0]
        var body: [String: JSONValue] = [
            "label": .string(request.fields["label"] ?? ""), "roles": .array([.object(["role": .string(role)])]),
        ]
        if let days = request.fields["days"].flatMap({ Int64($0) }), (1...3_660).contains(days) {
            let end = Instant(microsecondsSince1970: member.now.microsecondsSince1970 + days * 86_400_000_000)
            body["expiresAt"] = .string(end.rfc3339)
        }
        do {
            let made = try await member.api.post(keysPath(member), body, key: request.fields["idempotencyKey"])
            let already = member.speaker.say("page.keys.shownBefore")
            return try await keysPage(member, secret: made["key"]?.text, fault: made["key"] == nil ? already : nil)
        } catch let refusal as Refusal where refusal.status.code < 500 {
            let faults = refusal.issues.isEmpty ? [refusal.detail ?? refusal.title] : refusal.issues.map(\.detail)
            return try await keysPage(member, secret: nil, fault: faults.joined(separator: " · "))
        }
    }

    func revokeKey(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: KeyID = try request.path("keyId")
        try await member.api.delete("\(keysPath(member))/\(id)")
        return .seeOther("/keys?news=keyRevoked")
    }

    private func keysPath(_ member: MemberVisit) -> String {
        "/v1/organisations/\(member.principal.organisationID)/api-keys"
    }

    private func beginning(of key: JSONValue, _ speaker: Speaker) -> String {
        let prefix = key["prefix"]?.text ?? ""
        return prefix == "person" ? speaker.say("page.keys.ofPerson") : "\(prefix)…"
    }

    private func keysPage(_ member: MemberVisit, secret: String?, fault: String?) async throws -> PageAnswer {
        let speaker = member.speaker
        let own = try member.principal.keyID.description
        let keys = try await member.api.all(keysPath(member)).map { key in
            let isRevoked = key["revokedAt"] != nil
            let isOver = key["expiresAt"]?.instant.map { $0 <= member.now } ?? false
            let word = isRevoked ? "revoked" : isOver ? "expired" : key["id"]?.text == own ? "inUse" : "valid"
            return KeysView.Key(
                id: key["id"]?.text ?? "", label: key["label"]?.text ?? "", beginning: beginning(of: key, speaker),
                roles: speaker.list(
                    (key["roles"]?.items ?? []).compactMap { $0["role"]?.text }.map { speaker.say(TextKey(rawValue: "page.role.\($0)")) }),
                created: key["createdAt"]?.instant.map { speaker.day($0.dayOfNetwork) } ?? "",
                state: speaker.say(TextKey(rawValue: "page.keyState.\(word)")), tone: isRevoked || isOver ? "bad" : "good",
                mayRevoke: !isRevoked && key["id"]?.text != own,
                trace: isRevoked || isOver
                    ? nil
                    : key["makerRevokedAt"]?.instant.map { speaker.say("page.keys.makerRevoked", ["day": .day($0.dayOfNetwork)]) })
        }
        return .sheet(
            Sheet(
                "keys", title: speaker.say("page.keys.title"), status: fault == nil ? .ok : .unprocessableContent, section: "keys",
                KeysView(
                    keys: keys,
                    roles: Self.offered.map {
                        .init(value: $0, name: speaker.say(TextKey(rawValue: "page.role.\($0)")), isChosen: $0 == Self.offered[1])
                    },
                    idempotencyKey: UUID().uuidString.lowercased(), secret: secret, fault: fault)))
    }
}
