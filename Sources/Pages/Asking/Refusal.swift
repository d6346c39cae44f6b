import HTTPEdge
import HTTPTypes

/// What the API refused, in the words in which it did, as a page shows it.
struct Refusal: Error, Sendable {
    struct Issue: Sendable {
        let name: String
        let detail: String
    }

    let status: HTTPResponse.Status
    /// The last part of the problem's type.
    let code: String
    let title: String
    let detail: String?
    let issues: [Issue]
    let rules: [JSONValue]
    let alternatives: [JSONValue]
    /// Other kits and times, where a kit was asked for.
    let kitAlternatives: [JSONValue]
    /// Other times and centres, where any of a model was asked for.
    let modelAlternatives: [JSONValue]
    /// What stands in the way of fewer items.
    let bookings: [JSONValue]

    init(_ answer: InnerAnswer) {
        let body = JSONValue.object(answer.body)
        status = answer.status
        code = (body["type"]?.text ?? "").split(separator: ":").last.map(String.init) ?? ""
        title = body["title"]?.text ?? ""
        detail = body["detail"]?.text
        issues = (body["issues"]?.items ?? []).map { Issue(name: $0["name"]?.text ?? "", detail: $0["detail"]?.text ?? "") }
        rules = body["rules"]?.items ?? []
        alternatives = body["alternatives"]?.items ?? []
        kitAlternatives = body["kitAlternatives"]?.items ?? []
        modelAlternatives = body["modelAlternatives"]?.items ?? []
        bookings = body["bookings"]?.items ?? []
    }

    init(_ problem: Problem, said speaker: Speaker) {
        status = problem.status
        code = problem.code.rawValue
        title = speaker.say(problem.title ?? Text(problem.code.title))
        detail = problem.detail.map(speaker.say)
        issues = problem.issues.map { Issue(name: $0.name, detail: speaker.say($0.detail)) }
        rules = []
        alternatives = []
        kitAlternatives = []
        modelAlternatives = []
        bookings = []
    }

    /// What a page itself refuses, before the API is asked.
    init(_ title: String, _ detail: String) {
        status = .unprocessableContent
        code = ""
        self.title = title
        self.detail = detail
        issues = []
        rules = []
        alternatives = []
        kitAlternatives = []
        modelAlternatives = []
        bookings = []
    }

    /// A page of its own, for a refusal that no form shows.
    func sheet(_ speaker: Speaker) -> Sheet {
        Sheet(
            "problem", title: title, status: status,
            ProblemView(
                code: Int(status.code), title: title, detail: Self.forPeople(code, speaker) ?? detail ?? "",
                issues: issues.map { .init(name: $0.name, detail: $0.detail) }))
    }

    /// What the API says to programs is said to people in other words, where there are some.
    private static func forPeople(_ code: String, _ speaker: Speaker) -> String? {
        ["notFound", "forbidden"].contains(code) ? speaker.say(TextKey(rawValue: "page.problem.\(code)")) : nil
    }
}

struct ProblemView: Sendable {
    struct Issue: Sendable {
        let name: String
        let detail: String
    }

    let code: Int
    let title: String
    let detail: String
    let issues: [Issue]
}
