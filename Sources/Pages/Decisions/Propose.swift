import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

struct ProposalFormView: Sendable {
    let centreId: String
    let centre: String
    let kinds: [SearchView.Option]
    let authority: String
    let reference: String
    let decidedOn: String
    let effectiveFrom: String
    let effectiveTo: String
    let note: String
    let supersedes: [SearchView.Option]
    let idempotencyKey: String
    let faults: [String]
}

extension Pages {
    private static let kinds = ["grant", "provisional", "extend", "refuse", "suspend", "lift", "withdraw", "annul"]

    func proposalForm(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await proposalPage(try request.path("centreId"), request.fields, faults: [], member)
    }

    /// Proposes; another person approves.
    func propose(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let centre: CentreID = try request.path("centreId")
        var body: [String: JSONValue] = [:]
        for name in ["kind", "authority", "reference", "decidedOn", "effectiveFrom", "effectiveTo", "note", "supersedes"] {
            if let value = request.fields[name] { body[name] = .string(value) }
        }
        do {
            let proposal = try await member.api.post(
                "/v1/centres/\(centre)/label-decisions", body, key: request.fields["idempotencyKey"])
            return .seeOther("/decisions/\(proposal["id"]?.text ?? "")?news=proposed")
        } catch let refusal as Refusal where refusal.status.code < 500 && refusal.status != .notFound {
            let issues = refusal.issues.map { issue in
                "\(member.speaker.fieldName(issue.name)): \(issue.detail)"
            }
            return try await proposalPage(
                centre, request.fields, faults: issues.isEmpty ? [refusal.detail ?? refusal.title] : issues, member)
        }
    }

    private func proposalPage(
        _ id: CentreID, _ fields: FormFields, faults: [String], _ member: MemberVisit
    ) async throws -> PageAnswer {
        let speaker = member.speaker
        let centre = try await member.api.get("/v1/centres/\(id)")
        let decisions = try await member.api.all("/v1/centres/\(id)/label-decisions")
        let today = member.now.dayOfNetwork.description
        let kind = fields["kind"] ?? "grant"
        return .sheet(
            Sheet(
                "proposalForm", title: speaker.say("page.propose.title", ["centre": .text(centre["name"]?.text ?? "")]),
                status: faults.isEmpty ? .ok : .unprocessableContent, section: "decisions",
                ProposalFormView(
                    centreId: "\(id)", centre: centre["name"]?.text ?? "",
                    kinds: Self.kinds.map {
                        .init(value: $0, name: speaker.say(TextKey(rawValue: "page.decisionKind.\($0)")), isChosen: $0 == kind)
                    },
                    authority: fields["authority"] ?? "", reference: fields["reference"] ?? "",
                    decidedOn: fields["decidedOn"] ?? today, effectiveFrom: fields["effectiveFrom"] ?? today,
                    effectiveTo: fields["effectiveTo"] ?? "", note: fields["note"] ?? "",
                    supersedes: decisions.reversed().filter { $0["supersededBy"] == nil }.map { decision in
                        let shown = CentreView.Decision(decision, speaker)
                        let value = decision["id"]?.text ?? ""
                        return .init(
                            value: value, name: "\(shown.kind), \(shown.decidedOn), \(shown.reference)",
                            isChosen: value == fields["supersedes"])
                    },
                    idempotencyKey: fields["idempotencyKey"] ?? UUID().uuidString.lowercased(), faults: faults)))
    }
}

extension Speaker {
    /// What people call a field that the API names by its pointer.
    func fieldName(_ pointer: String) -> String {
        let name = pointer.split(separator: "/").last.map(String.init) ?? pointer
        return say("page.asDay", ["day": .word(TextKey(rawValue: "page.propose.\(name)"), otherwise: name)])
    }
}
