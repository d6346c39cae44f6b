import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

struct DecisionView: Sendable {
    struct Effect: Sendable {
        let reference: String
        let href: String?
        let when: String
        let state: String
        let effect: String
        let tone: String
    }

    let id: String
    let centre: String
    let centreHref: String
    let kind: String
    let state: String
    let tone: String
    let facts: [BookingReviewView.Field]
    let isProposed: Bool
    let maySimulate: Bool
    let mayApprove: Bool
    /// The simulation that is shown; an approval rests on it.
    let simulation: String?
    let simulationSummary: String?
    let effects: [Effect]
    let hasMore: Bool
    let idempotencyKey: String
}

extension Pages {
    /// A proposal with the simulation of its effects, or a recorded decision.
    func decision(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: DecisionID = try request.path("decisionId")
        let speaker = member.speaker
        let decision = try await member.api.get("/v1/label-decisions/\(id)")
        let centreID = decision["centreId"]?.text ?? ""
        let centre = try await member.api.get("/v1/centres/\(centreID)")
        let state = decision["state"]?.text ?? "recorded"
        let isProposed = state == "proposed"
        let simulation = isProposed ? request.fields["simulation"].flatMap { SimulationID($0) } : nil
        var effects: JSONValue?
        if let simulation { effects = try await member.api.get("/v1/label-simulations/\(simulation)/bookings", ["pageSize": "200"]) }
        let rows = (effects?["items"]?.items ?? []).map { DecisionView.Effect($0, speaker) }
        let principal = member.principal
        let view = DecisionView(
            id: "\(id)", centre: centre["name"]?.text ?? "", centreHref: "/centres/\(centreID)",
            kind: speaker.say(TextKey(rawValue: "page.decisionKind.\(decision["kind"]?.text ?? "grant")")),
            state: speaker.say(TextKey(rawValue: "page.decisionState.\(state)")),
            tone: isProposed ? "fair" : state == "recorded" ? "good" : "quiet", facts: decision.decisionFacts(speaker),
            isProposed: isProposed, maySimulate: isProposed && principal.holdsSomewhere(anyOf: [.labelAuthority, .networkManager]),
            mayApprove: isProposed && principal.holdsSomewhere(anyOf: [.labelAuthority]), simulation: simulation?.description,
            simulationSummary: simulation == nil ? nil : speaker.say("page.decision.touches", ["count": .number(rows.count)]),
            effects: rows, hasMore: effects?["next"] != nil, idempotencyKey: UUID().uuidString.lowercased())
        return .sheet(
            Sheet(
                "decision", title: "\(view.kind), \(view.centre)", section: "decisions", view))
    }

    /// Asks what the proposal would do to bookings; writes nothing but the answer, which an approval can rest on.
    func simulate(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: DecisionID = try request.path("decisionId")
        let simulation = try await member.api.post(
            "/v1/label-decisions/\(id)/simulations", [:], key: request.fields["idempotencyKey"])
        return .seeOther("/decisions/\(id)?simulation=\(simulation["id"]?.text ?? "")&news=simulated")
    }

    func approve(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: DecisionID = try request.path("decisionId")
        var body: [String: JSONValue] = [:]
        if let simulation = request.fields["simulation"] { body["simulationId"] = .string(simulation) }
        _ = try await member.api.post("/v1/label-decisions/\(id)/approval", body, key: request.fields["idempotencyKey"])
        return .seeOther("/decisions/\(id)?news=approved")
    }

    func withdraw(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: DecisionID = try request.path("decisionId")
        _ = try await member.api.post("/v1/label-decisions/\(id)/withdrawal", [:], key: request.fields["idempotencyKey"])
        return .seeOther("/decisions/\(id)?news=withdrawn")
    }
}

extension JSONValue {
    fileprivate func decisionFacts(_ speaker: Speaker) -> [BookingReviewView.Field] {
        var facts: [BookingReviewView.Field] = []
        func add(_ key: String, _ value: String?) {
            if let value { facts.append(.init(name: speaker.say(TextKey(rawValue: "page.propose.\(key)")), value: value)) }
        }
        add("authority", self["authority"]?.text.map(speaker.authority))
        add("reference", self["reference"]?.text)
        add("decidedOn", self["decidedOn"]?.day.map(speaker.weekday))
        add("effectiveFrom", self["effectiveFrom"]?.day.map(speaker.weekday))
        add("effectiveTo", self["effectiveTo"]?.day.map(speaker.weekday))
        add("note", self["note"]?.text)
        add("recordedAt", self["recordedAt"]?.instant.map { speaker.day($0.dayOfNetwork) })
        add("proposedAt", self["proposedAt"]?.instant.map { speaker.day($0.dayOfNetwork) })
        return facts
    }
}

extension DecisionView.Effect {
    fileprivate init(_ effect: JSONValue, _ speaker: Speaker) {
        reference = effect["reference"]?.text ?? "…"
        href = effect["reference"] == nil ? nil : "/bookings/\(effect["bookingId"]?.text ?? "")"
        let zone = Zone("Europe/Brussels")
        when = effect.period.flatMap { period in zone.map { speaker.span(period, $0) } } ?? ""
        state = effect["state"]?.text.map(speaker.stateName) ?? ""
        let planned = effect["planned"]?.text ?? ""
        self.effect = speaker.say(TextKey(rawValue: "page.effect.\(planned)"))
        tone = ["cancelledByNetwork", "suspended"].contains(planned) ? "bad" : planned == "atRisk" ? "fair" : "good"
    }
}
