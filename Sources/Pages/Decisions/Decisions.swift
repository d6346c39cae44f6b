import HTTPEdge
import HTTPTypes
import Kernel

struct DecisionsView: Sendable {
    struct Proposal: Sendable {
        let href: String
        let centre: String
        let kind: String
        let period: String
        let reference: String
        let proposed: String
    }

    struct Centre: Sendable {
        let name: String
        let href: String
        let status: String
        let tone: String
        let ends: String
    }

    let summary: String
    let proposals: [Proposal]
    let centres: [Centre]
    let mayPropose: Bool
}

extension Pages {
    /// What waits for a second person, and every centre with its label of today.
    func decisions(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let speaker = member.speaker
        let centres = try await member.api.all("/v1/centres").filter { $0["kind"]?.text == "centre" }
        var proposals: [DecisionsView.Proposal] = []
        var rows: [DecisionsView.Centre] = []
        for (centre, label, waiting) in try await labelsAndProposals(of: centres, member) {
            rows.append(DecisionsView.Centre(centre, label, speaker))
            proposals += waiting.filter { $0["state"]?.text == "proposed" }
                .map { DecisionsView.Proposal($0, of: centre["name"]?.text ?? "", speaker) }
        }
        return .sheet(
            Sheet(
                "decisions", title: speaker.say("page.decisions.title"), section: "decisions",
                DecisionsView(
                    summary: speaker.say("page.decisions.summary", ["count": .number(proposals.count)]), proposals: proposals,
                    centres: rows, mayPropose: member.principal.holdsSomewhere(anyOf: [.labelAuthority, .networkManager]))))
    }

    private func labelsAndProposals(
        of centres: [JSONValue], _ member: MemberVisit
    ) async throws -> [(JSONValue, JSONValue, [JSONValue])] {
        try await withThrowingTaskGroup(of: (Int, JSONValue, [JSONValue]).self) { group in
            for (index, centre) in centres.enumerated() {
                let path = "/v1/centres/\(centre["id"]?.text ?? "")"
                group.addTask { (index, try await member.api.get("\(path)/label"), try await member.api.all("\(path)/label-proposals")) }
            }
            var found = [(JSONValue, [JSONValue])?](repeating: nil, count: centres.count)
            for try await (index, label, waiting) in group { found[index] = (label, waiting) }
            return zip(centres, found).compactMap { centre, pair in pair.map { (centre, $0.0, $0.1) } }
        }
    }
}

extension DecisionsView.Proposal {
    init(_ proposal: JSONValue, of centre: String, _ speaker: Speaker) {
        href = "/decisions/\(proposal["id"]?.text ?? "")"
        self.centre = centre
        kind = speaker.say(TextKey(rawValue: "page.decisionKind.\(proposal["kind"]?.text ?? "grant")"))
        period = RegisterView.Row.period(
            proposal["effectiveFrom"]?.day.map(TextArgument.day), proposal["effectiveTo"]?.day.map(TextArgument.day), speaker)
        reference = [proposal["authority"]?.text.map(speaker.authority), proposal["reference"]?.text].compactMap { $0 }.joined(
            separator: " · ")
        proposed = proposal["proposedAt"]?.instant.map { speaker.day($0.dayOfNetwork) } ?? ""
    }
}

extension DecisionsView.Centre {
    init(_ centre: JSONValue, _ label: JSONValue, _ speaker: Speaker) {
        name = centre["name"]?.text ?? ""
        href = "/centres/\(centre["id"]?.text ?? "")"
        let code = label["status"]?.text ?? "none"
        status = speaker.say(TextKey(rawValue: "page.label.\(code)"))
        tone = LabelTone.of(code)
        ends = label["endsOn"]?.day.map(speaker.day) ?? ""
    }
}
