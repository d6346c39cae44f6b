import HTTPEdge
import Kernel

/// What booking a resource would answer.
struct SearchVerdict: Sendable {
    let resource: Resource
    let isFree: Bool
    let isConditional: Bool
    let refusal: Refusal?

    init(resource: Resource, answer: InnerAnswer) {
        self.resource = resource
        refusal = answer.isProblem ? Refusal(answer) : nil
        isFree = !answer.isProblem
        isConditional = answer.body["state"]?.text == "conditional"
    }

    /// Free first, then what another time would cure.
    var rank: Int {
        if isFree { return isConditional ? 1 : 0 }
        return refusal?.alternatives.isEmpty ?? true ? 3 : 2
    }

    func line(_ centre: CentreName?, _ query: SearchQuery, _ speaker: Speaker) -> SearchView.Result {
        let choice = query.choice
        let word = isConditional ? "conditional" : isFree ? "free" : "refused"
        let reasons = refusal?.rules.isEmpty ?? true ? [refusal?.detail].compactMap { $0 } : RuleView.reasons(refusal?.rules ?? [])
        return SearchView.Result(
            name: resource.name, place: centre?.withTowns ?? "",
            capacity: resource.kind == .platform
                ? speaker.say("page.workstations", ["count": .number(resource.capacity)]) : speaker.say("page.oneMachine"),
            verdict: speaker.say(TextKey(rawValue: "page.verdict.\(word)")), tone: isConditional ? "fair" : isFree ? "good" : "bad",
            reasons: isFree ? [] : reasons, bookHref: isFree ? choice.address("/book", of: resource.id) : nil,
            weekHref: "\(resource.href)?day=\(choice.day?.description ?? "")",
            alternatives: (refusal?.alternatives ?? []).compactMap(\.period).map { period in
                SearchView.Alternative(
                    when: speaker.span(period, resource.zone),
                    href: choice.moved(to: period, in: resource.zone).address("/book", of: resource.id))
            })
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
}
