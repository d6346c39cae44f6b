import HTTPEdge
import HTTPTypes
import Kernel
import Labels

/// An evaluation of an application, criterion by criterion; a form while it is open, for who evaluates.
struct EvaluationView: Sendable {
    struct Criterion: Sendable {
        let code: String
        let name: String
        let note: String
        let comment: String
    }

    struct Element: Sendable {
        let name: String
        let criteria: [Criterion]
    }

    let evaluationId: String
    let opened: String
    let state: String
    let tone: String
    let comment: String?
    let elements: [Element]
    /// Whether the reader writes in it.
    let mayNote: Bool
    let evaluationTag: String
    let action: String
    let opinions: [SearchView.Option]
    let evaluationKey: String
}

extension Pages {
    /// Begins the evaluation of a complete application.
    func openEvaluation(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await actOnApplication(.evaluationOpened, request, member) { path in
            _ = try await member.api.post("/v1\(path.contract)/evaluations", [:], key: request.fields["idempotencyKey"])
        }
    }

    /// Replaces the notes of the version that was shown.
    func noteEvaluation(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: EvaluationID = try request.path("evaluationId")
        let notes = request.fields.notes
        return try await actOnApplication(.evaluationNoted, request, member) { _ in
            _ = try await member.api.answer(
                InnerCall(
                    .put, "/v1/label-evaluations/\(id)/notes", body: ["notes": .array(notes)], ifMatch: request.fields["eTag"] ?? ""))
        }
    }

    /// Closes an evaluation with an opinion; its centre reads it from then on.
    func closeEvaluation(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: EvaluationID = try request.path("evaluationId")
        var body: [String: JSONValue] = ["opinion": .string(request.fields["opinion"] ?? "")]
        if let comment = request.fields["comment"] { body["comment"] = .string(comment) }
        return try await actOnApplication(.evaluationClosed, request, member) { _ in
            _ = try await member.api.post("/v1/label-evaluations/\(id)/closure", body, key: request.fields["idempotencyKey"])
        }
    }
}

extension FormFields {
    /// A note for each criterion that was given one.
    fileprivate var notes: [JSONValue] {
        names.filter { $0.hasPrefix("note.") }.compactMap { name in
            guard let note = self[name].flatMap({ Int($0) }) else { return nil }
            let criterion = String(name.dropFirst(5))
            var members: [String: JSONValue] = ["criterion": .string(criterion), "note": .of(note)]
            if let comment = self["comment.\(criterion)"] { members["comment"] = .string(comment) }
            return .object(members)
        }
    }
}

extension EvaluationView {
    private static let allOpinions = ["favourable", "favourableWithConditions", "unfavourable"]

    /// - Parameter key: of this page; each form adds its own word.
    init(_ evaluation: JSONValue, _ specification: JSONValue, path: String, mayEvaluate: Bool, key: String, _ speaker: Speaker) {
        let id = evaluation["id"]?.text ?? ""
        let isOpen = evaluation["state"]?.text == "open"
        let given = Dictionary(
            (evaluation["notes"]?.items ?? []).map { ($0["criterion"]?.text ?? "", $0) }, uniquingKeysWith: { first, _ in first })
        let code = evaluation["opinion"]?.text
        evaluationId = id
        opened = evaluation["openedAt"]?.instant.map { speaker.day($0.dayOfNetwork) } ?? ""
        state = code.map { speaker.say(TextKey(rawValue: "page.opinion.\($0)")) } ?? speaker.say("page.evaluation.open")
        tone = code == nil ? "fair" : code == "unfavourable" ? "bad" : code == "favourable" ? "good" : "fair"
        comment = evaluation["comment"]?.text
        let isForm = isOpen && mayEvaluate
        mayNote = isForm
        elements = (specification["elements"]?.items ?? []).compactMap { element -> Element? in
            let criteria = (element["criteria"]?.items ?? []).compactMap { criterion -> Criterion? in
                let name = criterion["code"]?.text ?? ""
                let note = given[name]
                guard isForm || note != nil else { return nil }
                return Criterion(
                    code: name, name: (criterion["text"]?.text ?? name).capitalisedFirst,
                    note: note?["note"]?.integer.map(String.init) ?? "", comment: note?["comment"]?.text ?? "")
            }
            return criteria.isEmpty ? nil : Element(name: (element["text"]?.text ?? "").capitalisedFirst, criteria: criteria)
        }
        evaluationTag = ETag(version: Int64(evaluation["version"]?.integer ?? 0)).description
        action = "\(path)/evaluations/\(id)"
        opinions = Self.allOpinions.map {
            .init(value: $0, name: speaker.say(TextKey(rawValue: "page.opinion.\($0)")), isChosen: false)
        }
        evaluationKey = "\(key)-\(id)"
    }
}
