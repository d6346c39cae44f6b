import Access
import FoundationEssentials
import HTTPEdge
import Kernel

/// The manuals, safety sheets, certificates and plans of a resource, as its page lists them.
struct DocumentsView: Sendable {
    struct Document: Sendable {
        let title: String
        let address: String
        let language: String
        let what: String
        /// Where it is taken away; nil: who reads may not.
        let removal: String?
    }

    let documents: [Document]
    /// Where one is added; nil: who reads may not.
    let addHref: String?
    let hasModel: Bool
    let kinds: [SearchView.Option]
    let languages: [SearchView.Option]
    let key: String
}

extension Pages {
    private static let documentKinds = ["manual", "safety", "certificate", "plan"]
    private static let documentLanguages = ["fr", "nl", "de", "en"]

    func documents(of resource: Resource, _ member: MemberVisit) async throws -> DocumentsView {
        let speaker = member.speaker
        let mayKeep = member.principal.holds(.centreStaff, .centreManager, .networkManager, at: resource.centre.centreColumn)
        let listed = try await member.api.get("/v1/resources/\(resource.id)/documents")
        return DocumentsView(
            documents: (listed["items"]?.items ?? []).map { DocumentsView.Document($0, mayRemove: mayKeep, speaker) },
            addHref: mayKeep ? "/resources/\(resource.id)/documents" : nil, hasModel: resource.kind == .equipment,
            kinds: Self.documentKinds.map {
                SearchView.Option(value: $0, name: speaker.say(TextKey(rawValue: "page.documentKind.\($0)")), isChosen: false)
            },
            languages: Self.documentLanguages.map {
                SearchView.Option(
                    value: $0, name: speaker.say(TextKey(rawValue: "page.documentLanguage.\($0)")),
                    isChosen: $0 == speaker.language.rawValue)
            },
            key: UUID().uuidString.lowercased())
    }

    /// Notes where a document is.
    func addDocument(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: ResourceID = try request.path("resourceId")
        var body: [String: JSONValue] = [:]
        for name in ["title", "kind", "url", "language", "since"] {
            if let value = request.fields[name] { body[name] = .string(value) }
        }
        if request.fields["ofModel"] != nil { body["ofModel"] = .boolean(true) }
        _ = try await member.api.post("/v1/resources/\(id)/documents", body, key: request.fields["idempotencyKey"])
        return .seeOther(Self.address(request.fields["back"] ?? "/", telling: .documentAdded))
    }

    func removeDocument(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: DocumentID = try request.path("documentId")
        try await member.api.delete("/v1/documents/\(id)")
        return .seeOther(Self.address(request.fields["back"] ?? "/", telling: .documentRemoved))
    }
}

extension DocumentsView.Document {
    fileprivate init(_ document: JSONValue, mayRemove: Bool, _ speaker: Speaker) {
        let code = document["language"]?.text ?? "fr"
        title = document["title"]?.text ?? ""
        // Whatever is kept, a page leads nowhere else.
        address = document["url"]?.text.flatMap { $0.hasPrefix("https://") ? $0 : nil } ?? ""
        language = code
        let isOfModel = document["ofModel"]?.isTrue ?? false
        what = [
            speaker.say(TextKey(rawValue: "page.documentKind.\(document["kind"]?.text ?? "manual")")),
            speaker.say(TextKey(rawValue: "page.documentLanguage.\(code)")),
            document["since"]?.day.map { speaker.say("page.documents.since", ["day": .day($0)]) },
            isOfModel ? speaker.say("page.documents.ofModel") : nil,
        ].compactMap(\.self).joined(separator: " · ")
        removal = mayRemove ? document["id"]?.text.map { "/documents/\($0)/removal" } : nil
    }
}
