import Access
import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

struct EvidenceView: Sendable {
    struct Element: Sendable {
        let name: String
        let lead: String
        let facts: [BookingReviewView.Field]
        let rowsHref: String
        let rowsName: String
    }

    struct Mission: Sendable {
        let name: String
        let booked: String
        let traineeHours: String
        let activities: String
        let isUnused: Bool
    }

    struct Gap: Sendable {
        let text: String
        let gapHref: String?
    }

    struct Sealed: Sendable {
        let period: String
        let version: String
        let sealedOn: String
        let reason: String
        let sha256: String
        let sealedHref: String
    }

    let centre: String
    let title: String?
    let centreHref: String
    let path: String
    let from: String
    let to: String
    let period: String
    let knownAt: String
    let gapSummary: String
    let gaps: [Gap]
    let elements: [Element]
    let missions: [Mission]
    let sealed: [Sealed]
    let maySeal: Bool
    let sealFrom: String
    let sealTo: String
    let idempotencyKey: String
    let fault: String?
}

extension Pages {
    /// What the use of a centre says for the renewal of its label: a dossier to read, to print and to file.
    func evidence(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        .sheet(try await evidenceSheet(try request.path("centreId"), request.fields, refusal: nil, member))
    }

    /// Seals the report of some days: kept word for word, under its hash.
    func sealReport(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: CentreID = try request.path("centreId")
        var body: [String: JSONValue] = [:]
        for name in ["from", "to"] { body[name] = request.fields[name].map { JSONValue.string($0) } }
        do {
            _ = try await member.api.post("/v1/centres/\(id)/sealed-reports", body, key: request.fields["idempotencyKey"])
            return .seeOther("/centres/\(id)/evidence?news=sealed")
        } catch let refusal as Refusal where refusal.isTold {
            return .sheet(try await evidenceSheet(id, FormFields(query: nil), refusal: refusal, member))
        }
    }

    private func evidenceSheet(_ id: CentreID, _ fields: FormFields, refusal: Refusal?, _ member: MemberVisit) async throws -> Sheet {
        let speaker = member.speaker
        let centre = try await staffedCentre(id, member)
        let asked = (from: fields["from"].flatMap { LocalDay($0) }, to: fields["to"].flatMap { LocalDay($0) })
        let isSound = asked.from.map { from in asked.to.map { from <= $0 && $0.days(since: from) < 3_700 } ?? false } ?? false
        let today = member.now.dayOfNetwork
        async let sealed = member.api.get("/v1/centres/\(id)/sealed-reports")
        let path = "/v1/centres/\(id)/renewal-evidence"
        let term = try await member.api.calls.answer(
            to: InnerCall(
                .get, path,
                query: isSound ? [(name: "from", value: "\(asked.from ?? today)"), (name: "to", value: "\(asked.to ?? today)")] : []),
            as: member.principal, in: member.visit.context)
        // A centre that was never labelled has no term: the last year then.
        let evidence =
            term.status == .notFound
            ? try await member.api.get(path, ["from": today.adding(days: -365).description, "to": today.description])
            : JSONValue.object(term.body)
        if term.isProblem, term.status != .notFound { throw Refusal(term) }
        let assets = try await member.api.names(of: id)
        return Sheet(
            "evidence", title: speaker.say("page.evidence.title"), status: refusal?.status ?? .ok, section: "evidence",
            EvidenceView(
                id, centre, evidence, try await sealed, assets, today: today,
                maySeal: member.principal.holds(.centreManager, .networkManager, at: id.centreColumn), fault: refusal?.inWords(speaker),
                speaker))
    }
}

extension PageCalls {
    /// What the platforms and machines of a centre are called, by their identifiers.
    fileprivate func names(of centre: CentreID) async throws -> [String: Resource] {
        async let machines = equipment(of: centre)
        let all = try await platforms(of: centre) + machines
        return Dictionary(all.map { ($0.id.description, $0) }, uniquingKeysWith: { first, _ in first })
    }
}

extension EvidenceView {
    fileprivate init(
        _ id: CentreID, _ centre: JSONValue, _ evidence: JSONValue, _ reports: JSONValue, _ assets: [String: Resource], today: LocalDay,
        maySeal: Bool, fault: String?, _ speaker: Speaker
    ) {
        let from = evidence["from"]?.day ?? today
        let to = evidence["to"]?.day ?? today
        self.centre = centre["name"]?.text ?? ""
        title = centre["title"]?.text
        centreHref = "/centres/\(id)"
        path = "/centres/\(id)/evidence"
        self.from = "\(from)"
        self.to = "\(to)"
        period = speaker.say("page.asDay", ["day": .span(.day(from), .day(to))])
        knownAt = evidence.knownMoment(speaker)
        let found = evidence["gaps"]?.items ?? []
        gapSummary = speaker.say("page.evidence.gapSummary", ["count": .number(found.count)])
        gaps = found.map { EvidenceView.Gap($0, assets, speaker) }
        let year = max(from, to.adding(days: -365))
        elements = (evidence["elements"]?.items ?? []).map { EvidenceView.Element($0, of: id, from: year, to: to, speaker) }
        missions = (evidence["missions"]?.items ?? []).map { EvidenceView.Mission($0, speaker) }
        sealed = (reports["items"]?.items ?? []).map { EvidenceView.Sealed($0, speaker) }
        self.maySeal = maySeal
        sealFrom = "\(max(from, today.adding(days: -366)))"
        sealTo = "\(min(to, today.adding(days: -1)))"
        idempotencyKey = UUID().uuidString.lowercased()
        self.fault = fault
    }
}
