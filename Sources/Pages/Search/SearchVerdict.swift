import HTTPEdge
import Kernel

/// A resource that was found, with what its organisation may expect.
struct SearchVerdict: Sendable {
    private let resource: ResourceID
    private let kind: Resource.Kind
    private let found: JSONValue

    /// Nil for what has no page of its own.
    init?(_ found: JSONValue) {
        guard let id = found["resourceId"]?.text.flatMap({ ResourceID($0) }),
            let kind = found["kind"]?.text.flatMap(Resource.Kind.init(rawValue:))
        else { return nil }
        resource = id
        self.kind = kind
        self.found = found
    }

    private var isFree: Bool { found["verdict"]?.text == "allow" }
    private var isConditional: Bool { found["verdict"]?.text == "conditional" }
    /// The conditions but for those that ``brings(_:)`` says in fewer words.
    private var conditions: [String] {
        RuleView.conditions((found["rules"]?.items ?? []).filter { !["prerequisite", "supervision"].contains($0["rule"]?.text ?? "") })
    }
    private var reasons: [String] { RuleView.reasons(found["rules"]?.items ?? []) }
    /// Whether another time would do: everything that stands against it is about this one.
    private var isAboutTime: Bool {
        (found["rules"]?.items ?? []).allSatisfy { $0["verdict"]?.text != "deny" || Self.ofTime.contains($0["code"]?.text ?? "") }
    }

    private static let ofTime: Set<String> = [
        "capacityFull", "unitTaken", "parentFull", "closed", "inThePast", "noticeTooShort", "beyondHorizon", "offGrid", "maintenance",
        "keptForOthers",
    ]

    /// Free first, then what another time would cure.
    var rank: Int { isFree ? 0 : isConditional ? 1 : isAboutTime ? 2 : 3 }

    /// What must be brought to it, but for what the organisation is known to hold.
    private func brings(_ speaker: Speaker) -> [String] {
        (found["requires"]?.items ?? []).filter { $0["isHeld"]?.isTrue != true }.map { thing in
            guard let modes = thing["supervision"]?.texts else {
                return speaker.say("page.fact.prerequisite", ["attestation": .text(speaker.prerequisite(thing))])
            }
            return speaker.say("page.fact.supervision", ["modes": .list(modes.map { .text(speaker.word($0)) })])
        }
    }

    func line(_ query: SearchQuery, mayBook: Bool, _ speaker: Speaker) -> SearchView.Result {
        var choice = query.choice
        // The seats that are looked for are people's: of a machine it is this one.
        if kind == .equipment { choice.seats = 1 }
        let word = isConditional ? "conditional" : isFree ? "free" : "refused"
        let place = [found["centreName"]?.text, found["town"]?.text].compactMap(\.self).joined(separator: ", ")
        let path = kind.path
        return SearchView.Result(
            name: found["name"]?.text ?? "", place: place,
            capacity: kind.amount(found["workstations"]?.integer ?? 1, speaker),
            verdict: speaker.say(TextKey(rawValue: "page.verdict.\(word)")), tone: isConditional ? "fair" : isFree ? "good" : "bad",
            reasons: isFree ? [] : isConditional ? conditions : reasons, brings: brings(speaker),
            bookHref: rank < 2 && mayBook ? choice.address("/book", of: resource) : nil,
            otherHref: rank == 2 && mayBook ? choice.address("/book/review", of: resource) : nil,
            weekHref: "/\(path)/\(resource)?day=\(choice.day?.description ?? "")")
    }
}

/// A rule as pages show it.
struct RuleView: Sendable {
    let text: String
    let tone: String

    init(_ rule: JSONValue) {
        text = rule["text"]?.text ?? rule["code"]?.text ?? ""
        tone =
            switch rule["verdict"]?.text {
            case "deny": "bad"
            case "conditional": "fair"
            default: "good"
            }
    }

    /// The sentences of the rules that stand against it.
    static func reasons(_ rules: [JSONValue]) -> [String] {
        rules.filter { $0["verdict"]?.text == "deny" }.compactMap { $0["text"]?.text }
    }

    /// The sentences of the rules that make it conditional.
    static func conditions(_ rules: [JSONValue]) -> [String] {
        rules.filter { $0["verdict"]?.text == "conditional" }.compactMap { $0["text"]?.text }
    }
}
