import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

struct LabelApplicationsView: Sendable {
    struct Row: Sendable {
        let href: String
        let kind: String
        let submitted: String
        let state: String
        let tone: String
    }

    let centre: String
    let centreHref: String
    let path: String
    let rows: [Row]
    /// Whether the reader applies for the centre.
    let mayApply: Bool
    let kinds: [SearchView.Option]
    let submittedOn: String
    let files: [SearchView.Option]
    let idempotencyKey: String
    let fault: String?
}

extension Pages {
    /// A centre's applications for the label, the newest first, and a form for a new one.
    func labelApplications(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        .sheet(try await applicationsSheet(try request.path("centreId"), request.fields, refusal: nil, member))
    }

    /// Records an application, once for the key of the form.
    func apply(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let centre: CentreID = try request.path("centreId")
        var body: [String: JSONValue] = [:]
        for name in ["kind", "submittedOn", "fileId"] { body[name] = request.fields[name].map { .string($0) } }
        do {
            let made = try await member.api.post(
                "/v1/centres/\(centre)/label-applications", body, key: request.fields["idempotencyKey"])
            return .seeOther("/centres/\(centre)/applications/\(made["id"]?.text ?? "")?news=applied")
        } catch let refusal as Refusal where refusal.isTold {
            return .sheet(try await applicationsSheet(centre, request.fields, refusal: refusal, member))
        }
    }

    private func applicationsSheet(
        _ id: CentreID, _ fields: FormFields, refusal: Refusal?, _ member: MemberVisit
    ) async throws -> Sheet {
        let speaker = member.speaker
        async let centre = member.api.get("/v1/centres/\(id)")
        let mayApply = member.principal.appliesFor(id)
        let applications = try await member.api.all("/v1/centres/\(id)/label-applications")
        let kind = fields["kind"] ?? "renewal"
        return Sheet(
            "applications", title: speaker.say("page.applications.title"), status: refusal?.status ?? .ok,
            section: member.principal.applicationsSection,
            LabelApplicationsView(
                centre: try await centre["name"]?.text ?? "", centreHref: "/centres/\(id)", path: "/centres/\(id)/applications",
                rows: applications.map { LabelApplicationsView.Row($0, of: id, speaker) }, mayApply: mayApply,
                kinds: ["renewal", "candidate", "secondEvaluation"].map {
                    .init(value: $0, name: speaker.say(TextKey(rawValue: "page.applicationKind.\($0)")), isChosen: $0 == kind)
                },
                submittedOn: fields["submittedOn"] ?? "\(member.now.dayOfNetwork)",
                files: mayApply ? try await member.api.filesToRestOn(of: id, chosen: fields["fileId"], speaker) : [],
                idempotencyKey: UUID().uuidString.lowercased(),
                fault: refusal.map { [$0.title, RefusalView($0).detail].joined(separator: " ") }))
    }
}

extension Principal {
    /// Whether somebody applies for a centre's label.
    func appliesFor(_ centre: CentreID) -> Bool { holds(.centreManager, in: .centre(centre)) }

    /// Where applications stand for them: beside the dossier of their centre, or beside decisions.
    var applicationsSection: String { workplace == nil ? "decisions" : "evidence" }
}

extension PageCalls {
    /// The recognition files on which an application can rest, those under way first: files that the centre wrote here.
    func filesToRestOn(of centre: CentreID, chosen: String?, _ speaker: Speaker) async throws -> [SearchView.Option] {
        async let found = all("/v1/centres/\(centre)/recognition-file-drafts", ["state": "recognised"])
        let underWay = try await all("/v1/centres/\(centre)/recognition-file-drafts")
        let recognised = try await found
        return (underWay + recognised).map { file in
            let id = file["id"]?.text ?? ""
            return .init(value: id, name: speaker.recognitionFile(file), isChosen: id == chosen)
        }
    }
}

extension Speaker {
    /// What a recognition file is called: by its number once it is recognised, else by its state.
    func recognitionFile(_ file: JSONValue) -> String {
        let name =
            file["number"]?.integer.map { say("page.application.fileNumber", ["number": .text("\($0)")]) }
            ?? say(TextKey(rawValue: "page.fileState.\(file["state"]?.text ?? "draft")"))
        let days = file["effectiveFrom"]?.day.map { say("page.since", ["day": .day($0)]) }
        return [name, days].compactMap(\.self).joined(separator: ", ")
    }
}

extension LabelApplicationsView.Row {
    init(_ application: JSONValue, of centre: CentreID, _ speaker: Speaker) {
        let code = application["state"]?.text ?? "submitted"
        href = "/centres/\(centre)/applications/\(application["id"]?.text ?? "")"
        kind = speaker.say(TextKey(rawValue: "page.applicationKind.\(application["kind"]?.text ?? "candidate")"))
        submitted = application["submittedOn"]?.day.map { speaker.say("page.applications.submittedOn", ["day": .day($0)]) } ?? ""
        state = speaker.say(TextKey(rawValue: "page.applicationState.\(code)"))
        tone = code == "withdrawn" ? "bad" : ["evaluated", "answered"].contains(code) ? "good" : "fair"
    }
}
