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
    /// The comment that closes it, as it was typed.
    let closing: String
    /// Whether closing it was refused just now.
    let isClosing: Bool
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
        return try await actOnApplication(.evaluationNoted, request, member) { path in
            _ = try await evaluation(id, of: path, member)
            try await keepNotes(of: id, request, member)
        }
    }

    /// Keeps the notes of the version that was shown and closes it with an opinion; its centre reads it from then on.
    ///
    /// One that is closed keeps its notes: the form that is sent twice closes it once.
    func closeEvaluation(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: EvaluationID = try request.path("evaluationId")
        var body: [String: JSONValue] = ["opinion": .string(request.fields["opinion"] ?? "")]
        if let comment = request.fields["comment"] { body["comment"] = .string(comment) }
        return try await actOnApplication(.evaluationClosed, request, member) { path in
            let found = try await evaluation(id, of: path, member)
            if found["state"]?.text == "open" { try await keepNotes(of: id, request, member) }
            _ = try await member.api.post("/v1/label-evaluations/\(id)/closure", body, key: request.fields["idempotencyKey"])
        }
    }

    /// - Throws: ``Problem`` 404 for an evaluation of another application.
    private func evaluation(_ id: EvaluationID, of path: ApplicationPath, _ member: MemberVisit) async throws -> JSONValue {
        let evaluations = try await member.api.all("/v1\(path.contract)/evaluations")
        guard let found = evaluations.first(where: { $0["id"]?.text == id.description }) else { throw Problem.notFound }
        return found
    }

    private func keepNotes(of id: EvaluationID, _ request: MemberRequest, _ member: MemberVisit) async throws {
        let notes = try request.fields.notes(member.speaker)
        _ = try await member.api.answer(
            InnerCall(.put, "/v1/label-evaluations/\(id)/notes", body: ["notes": .array(notes)], ifMatch: request.fields["eTag"] ?? ""))
    }
}

/// What was typed into the form of an evaluation that could not be kept.
struct TypedEvaluation: Sendable {
    let id: EvaluationID
    let isClosing: Bool
    /// Whether others changed the evaluation meanwhile: what was left empty is shown as they have it.
    let isOutdated: Bool
    private let fields: FormFields

    /// Nil for what is no form of an evaluation.
    init?(_ request: MemberRequest, for news: News, _ refusal: Refusal) {
        guard news == .evaluationNoted || news == .evaluationClosed, let id = try? request.path("evaluationId", EvaluationID.self)
        else { return nil }
        self.id = id
        isClosing = news == .evaluationClosed
        isOutdated = refusal.status == .preconditionFailed
        fields = request.fields
    }

    var opinion: String? { fields["opinion"] }
    var comment: String? { fields["comment"] }

    /// What a criterion shows; the parameters are what was kept before.
    func criterion(_ code: String, note: String, comment: String) -> (note: String, comment: String) {
        let (typedNote, typedComment) = (fields["note.\(code)"], fields["comment.\(code)"])
        if isOutdated, typedNote == nil, typedComment == nil { return (note, comment) }
        return (typedNote ?? "", typedComment ?? "")
    }
}

extension FormFields {
    /// A note for each criterion that was given one.
    /// - Throws: ``Refusal`` 422 that names each criterion whose note is no whole number, or whose comment has no note.
    fileprivate func notes(_ speaker: Speaker) throws -> [JSONValue] {
        var notes: [JSONValue] = []
        var faults: [String] = []
        for criterion in criteria {
            let (typed, comment) = (self["note.\(criterion)"], self["comment.\(criterion)"])
            if let note = typed.flatMap({ Int($0) }) {
                var members: [String: JSONValue] = ["criterion": .string(criterion), "note": .of(note)]
                if let comment { members["comment"] = .string(comment) }
                notes.append(.object(members))
            } else if typed != nil || comment != nil {
                let key: TextKey = typed == nil ? "page.evaluation.noNote" : "page.evaluation.unreadableNote"
                faults.append(speaker.say(key, ["criterion": .text(speaker.word(criterion))]))
            }
        }
        guard faults.isEmpty else { throw Refusal(speaker.say("page.evaluation.notKept"), faults.joined(separator: " ")) }
        return notes
    }

    /// Codes of which the form has a note or a comment.
    private var criteria: [String] {
        let codes = ["note.", "comment."].flatMap { prefix in
            names.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        }
        return Set(codes).sorted()
    }
}

extension EvaluationView {
    private static let allOpinions = ["favourable", "favourableWithConditions", "unfavourable"]

    /// - Parameters:
    ///   - key: of this page; each form adds its own word.
    ///   - refused: what was typed into a form and could not be kept.
    init(
        _ evaluation: JSONValue, _ specification: JSONValue, path: String, mayEvaluate: Bool, key: String, refused: TypedEvaluation?,
        _ speaker: Speaker
    ) {
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
        let typed = refused?.id.description == id ? refused : nil
        mayNote = isForm
        elements = (specification["elements"]?.items ?? []).compactMap { element -> Element? in
            let criteria = (element["criteria"]?.items ?? []).compactMap { criterion -> Criterion? in
                let name = criterion["code"]?.text ?? ""
                let note = given[name]
                guard isForm || note != nil else { return nil }
                let kept = (note: note?["note"]?.integer.map { "\($0)" } ?? "", comment: note?["comment"]?.text ?? "")
                let shown = typed?.criterion(name, note: kept.note, comment: kept.comment) ?? kept
                return Criterion(
                    code: name, name: (criterion["text"]?.text ?? name).capitalisedFirst, note: shown.note, comment: shown.comment)
            }
            return criteria.isEmpty ? nil : Element(name: (element["text"]?.text ?? "").capitalisedFirst, criteria: criteria)
        }
        evaluationTag = ETag(version: Int64(evaluation["version"]?.integer ?? 0)).description
        action = "\(path)/evaluations/\(id)"
        opinions = Self.allOpinions.map {
            .init(value: $0, name: speaker.say(TextKey(rawValue: "page.opinion.\($0)")), isChosen: $0 == typed?.opinion)
        }
        closing = typed?.comment ?? ""
        isClosing = typed?.isClosing ?? false
        evaluationKey = "\(key)-\(id)"
    }
}
