import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel
import Labels

struct LabelApplicationView: Sendable {
    let centre: String
    let listHref: String
    let path: String
    let row: LabelApplicationsView.Row
    let facts: [BookingReviewView.Field]
    /// What it lacks before it can be evaluated.
    let missing: [String]
    let file: ApplicationFileView?
    /// From which its centre chooses while it can; none otherwise.
    let files: [SearchView.Option]
    let evaluations: [EvaluationView]
    let mayBegin: Bool
    let mayWithdraw: Bool
    let decisionHref: String?
    /// Where the authority goes on.
    let proposalHref: String?
    let history: [BookingView.Step]
    let key: String
    let refusal: RefusalView?
}

/// The recognition file on which an application rests: what it answers to the elements of the specifications, and its documents.
struct ApplicationFileView: Sendable {
    struct Answer: Sendable {
        let element: String
        let text: String
    }

    struct Document: Sendable {
        let name: String
        let href: String
        let about: String
    }

    let name: String
    let facts: [BookingReviewView.Field]
    let answers: [Answer]
    let documents: [Document]
}

extension Pages {
    func labelApplication(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        .sheet(try await applicationSheet(request, refusal: nil, member))
    }

    /// Takes an application back; one that is taken back already stays so.
    func withdrawApplication(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let path = try request.applicationPath
        do {
            try await member.api.delete("/v1\(path.contract)")
        } catch let refusal as Refusal where refusal.status == .notFound {
            return .seeOther(path.page)
        } catch let refusal as Refusal where refusal.isTold {
            return .sheet(try await applicationSheet(request, refusal: refusal, member))
        }
        return .seeOther("\(path.page)?news=applicationWithdrawn")
    }

    /// Says on which recognition file an application rests.
    func linkFile(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let body: [String: JSONValue] = ["fileId": .string(request.fields["fileId"] ?? "")]
        return try await actOnApplication(.fileLinked, request, member) { path in
            _ = try await member.api.answer(InnerCall(.put, "/v1\(path.contract)/file", body: body))
        }
    }

    /// A document of a recognition file, to be saved.
    func evidenceDocument(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let file: FileID = try request.path("fileId")
        let document: EvidenceID = try request.path("evidenceId")
        return .response(try await member.api.document("/v1/recognition-files/\(file)/evidence/\(document)", [:]))
    }

    /// Does something about an application, then shows it; a refusal is told beside it, and what was typed is kept.
    func actOnApplication(
        _ news: News, _ request: MemberRequest, _ member: MemberVisit, _ act: (ApplicationPath) async throws -> Void
    ) async throws -> PageAnswer {
        let path = try request.applicationPath
        do {
            try await act(path)
            return .seeOther("\(path.page)?news=\(news.rawValue)")
        } catch let refusal as Refusal where refusal.isTold {
            let typed = TypedEvaluation(request, for: news, refusal)
            return .sheet(try await applicationSheet(request, refusal: refusal, typed: typed, member))
        }
    }

    private func applicationSheet(
        _ request: MemberRequest, refusal: Refusal?, typed: TypedEvaluation? = nil, _ member: MemberVisit
    ) async throws -> Sheet {
        let speaker = member.speaker
        let path = try request.applicationPath
        let application = try await member.api.get("/v1\(path.contract)")
        async let centre = member.api.get("/v1/centres/\(path.centre)")
        async let specification = member.api.get("/v1/label-specification")
        async let timeline = member.api.all(
            "/v1/centres/\(path.centre)/label-timeline", ["applicationId": path.application.description])
        let evaluations = try await member.api.all("/v1\(path.contract)/evaluations")
        let state = application["state"]?.text ?? "submitted"
        let mayEvaluate = member.principal.holdsSomewhere(anyOf: [.labelAuthority, .networkManager])
        let isOwn = member.principal.appliesFor(path.centre)
        let key = UUID().uuidString.lowercased()
        let words = try await specification
        let isUnderWay = evaluations.contains { $0["state"]?.text == "open" }
        let missing = application["missing"]?.items ?? []
        return Sheet(
            "application", title: speaker.say("page.application.title"), status: refusal?.status ?? .ok,
            section: member.principal.applicationsSection,
            LabelApplicationView(
                centre: try await centre["name"]?.text ?? "", listHref: "/centres/\(path.centre)/applications", path: path.page,
                row: LabelApplicationsView.Row(application, of: path.centre, speaker), facts: application.days(speaker),
                missing: missing.compactMap { $0["text"]?.text },
                file: try await applicationFile(application["fileId"]?.text, words, member),
                files: isOwn && state == "submitted"
                    ? try await member.api.filesToRestOn(of: path.centre, chosen: application["fileId"]?.text, speaker) : [],
                evaluations: evaluations.map {
                    EvaluationView($0, words, path: path.page, mayEvaluate: mayEvaluate, key: key, refused: typed, speaker)
                },
                mayBegin: mayEvaluate && ["submitted", "evaluated"].contains(state) && missing.isEmpty && !isUnderWay,
                mayWithdraw: isOwn && ["submitted", "underEvaluation", "evaluated"].contains(state),
                decisionHref: application["decisionId"]?.text.map { "/decisions/\($0)" },
                proposalHref: mayEvaluate && state == "evaluated" ? "/centres/\(path.centre)/decisions/new" : nil,
                history: try await timeline.map { BookingView.Step(ofLabel: $0, speaker) }, key: key,
                refusal: refusal.map(RefusalView.init)))
    }

    /// - Returns: nil where it rests on none.
    private func applicationFile(_ id: String?, _ specification: JSONValue, _ member: MemberVisit) async throws -> ApplicationFileView? {
        guard let id else { return nil }
        async let documents = member.api.all("/v1/recognition-files/\(id)/evidence")
        let file = try await member.api.get("/v1/recognition-files/\(id)")
        return ApplicationFileView(file, try await documents, specification, member.speaker)
    }
}

/// Where an application stands, as pages and the contract say it.
struct ApplicationPath: Sendable {
    let centre: CentreID
    let application: ApplicationID

    var page: String { "/centres/\(centre)/applications/\(application)" }
    var contract: String { "/centres/\(centre)/label-applications/\(application)" }
}

extension MemberRequest {
    fileprivate var applicationPath: ApplicationPath {
        get throws { ApplicationPath(centre: try path("centreId"), application: try path("applicationId")) }
    }
}

extension JSONValue {
    fileprivate func days(_ speaker: Speaker) -> [BookingReviewView.Field] {
        var facts: [BookingReviewView.Field] = []
        func add(_ key: TextKey, _ day: LocalDay?) {
            if let day { facts.append(.init(name: speaker.say(key), value: speaker.day(day))) }
        }
        add("page.application.submitted", self["submittedOn"]?.day)
        add("page.application.recorded", self["recordedAt"]?.instant?.dayOfNetwork)
        add("page.application.withdrawnOn", self["withdrawnOn"]?.day)
        return facts
    }
}

extension BookingView.Step {
    /// What happened around a label.
    fileprivate init(ofLabel entry: JSONValue, _ speaker: Speaker) {
        at = entry["at"]?.instant.flatMap { at in Zone("Europe/Brussels").map { speaker.moment(at, $0) } } ?? ""
        what = entry["text"]?.text ?? ""
        reason = entry["author"]?["organisation"]?.text
    }
}

extension ApplicationFileView {
    fileprivate init(_ file: JSONValue, _ evidence: [JSONValue], _ specification: JSONValue, _ speaker: Speaker) {
        let id = file["id"]?.text ?? ""
        let elements = specification["elements"]?.items ?? []
        let names = Dictionary(
            elements.compactMap { element in element["code"]?.text.map { ($0, element["text"]?.text ?? $0) } },
            uniquingKeysWith: { first, _ in first })
        name = speaker.recognitionFile(file).capitalisedFirst
        var facts: [BookingReviewView.Field] = []
        func add(_ key: TextKey, _ codes: [String], _ word: (String) -> String) {
            if !codes.isEmpty { facts.append(.init(name: speaker.say(key), value: speaker.list(codes.map(word)))) }
        }
        add("page.application.sectors", file["sectors"]?.texts ?? [], speaker.sector)
        add("page.field.audiences", file["audiences"]?.texts ?? [], speaker.word)
        add("page.application.missions", file["missions"]?.texts ?? [], speaker.mission)
        self.facts = facts
        answers = elements.compactMap { element in
            let code = element["code"]?.text ?? ""
            return file["answers"]?[code]?.text.map { Answer(element: (names[code] ?? code).capitalisedFirst, text: $0) }
        }
        documents = evidence.map { document in
            let element = document["element"]?.text ?? ""
            let size = speaker.say(
                "page.application.size", ["size": .decimal((Double(document["size"]?.integer ?? 0) / 102.4).rounded(.up) / 10)])
            return Document(
                name: document["name"]?.text ?? "", href: "/recognition-files/\(id)/evidence/\(document["id"]?.text ?? "")",
                about: [names[element] ?? element, size].joined(separator: " · "))
        }
    }
}
