import HTTPEdge
import HTTPTypes
import Kernel

struct SealedReportView: Sendable {
    struct Version: Sendable {
        let name: String
        let href: String
        let sealedOn: String
        let reason: String
        let isThis: Bool
    }

    /// What came of counting it again.
    struct Again: Sendable {
        let sentence: String
        let tone: String
        let sha256: String
    }

    let centre: String
    let evidenceHref: String
    let period: String
    let seal: [BookingReviewView.Field]
    let again: Again?
    let againHref: String
    let documentHref: String
    let summary: String
    let idle: String
    let trend: TrendView?
    let rows: [ResourceRow]
    let shares: [ShareTable]
    let facts: [BookingReviewView.Field]
    let versions: [Version]
    /// Nil for a first version.
    let difference: SealedDifferenceView?
}

extension Pages {
    /// A sealed report to be read: its figures, its versions, and what it says otherwise than the version before.
    func sealedReport(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        .sheet(try await sealedReportSheet(try request.path("reportId"), again: nil, member))
    }

    /// The same, counted again from the rows as they were known at its moment: with the same hash, or not.
    func sealedReportAgain(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: SealedReportID = try request.path("reportId")
        let again = try await member.api.get("/v1/sealed-reports/\(id)/reproduction")
        return .sheet(try await sealedReportSheet(id, again: again, member))
    }

    /// The report itself, byte for byte, as its hash has it.
    func sealedDocument(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: SealedReportID = try request.path("reportId")
        return .response(try await member.api.document("/v1/sealed-reports/\(id)", [:]))
    }

    private func sealedReportSheet(_ id: SealedReportID, again: JSONValue?, _ member: MemberVisit) async throws -> Sheet {
        let speaker = member.speaker
        let report = try await member.api.get("/v1/sealed-reports/\(id)")
        guard let centreId = report["centreId"]?.text.flatMap({ CentreID($0) }), let from = report["from"]?.day, let to = report["to"]?.day
        else { throw Problem.notFound }
        async let centre = staffedCentre(centreId, member)
        let known = try await member.api.get("/v1/centres/\(centreId)/sealed-reports")["items"]?.items ?? []
        let versions = known.filter { $0["from"]?.day == from && $0["to"]?.day == to }
        let own = versions.first { $0["id"]?.text == "\(id)" }
        let resources = ReportedResources(report)
        var difference: SealedDifferenceView?
        if own?["version"]?.integer ?? 1 > 1 {
            difference = SealedDifferenceView(try await member.api.get("/v1/sealed-reports/\(id)/difference"), report, speaker)
        }
        return Sheet(
            "sealedReport", title: speaker.say("page.sealed.title"), section: "evidence",
            SealedReportView(
                centre: try await centre["name"]?.text ?? "", evidenceHref: "/centres/\(centreId)/evidence",
                period: speaker.say("page.asDay", ["day": .span(.day(from), .day(to))]), seal: own?.seal(of: report, speaker) ?? [],
                again: again.map { SealedReportView.Again($0, speaker) }, againHref: "/sealed-reports/\(id)/reproduction",
                documentHref: "/sealed-reports/\(id)/document", summary: report.occupancySummary(speaker),
                idle: resources.idleSentence(speaker), trend: TrendView(report, speaker), rows: resources.rows(speaker),
                shares: ShareTable.all(report, speaker), facts: report.utilisationFacts(speaker),
                versions: versions.map { SealedReportView.Version($0, isThis: $0["id"]?.text == "\(id)", speaker) },
                difference: difference))
    }
}

extension JSONValue {
    /// Under what a report is kept.
    fileprivate func seal(of report: JSONValue, _ speaker: Speaker) -> [BookingReviewView.Field] {
        let zone = report["zone"]?.text.flatMap { Zone($0) }
        func moment(_ name: String) -> String { self[name]?.instant.flatMap { at in zone.map { speaker.moment(at, $0) } } ?? "" }
        return [
            .init(name: speaker.say("page.evidence.version"), value: "\(self["version"]?.integer ?? 1)"),
            .init(name: speaker.say("page.utilisation.known"), value: moment("knownAt")),
            .init(name: speaker.say("page.evidence.sealedOn"), value: moment("sealedAt")),
            .init(
                name: speaker.say("page.sealed.why"),
                value: speaker.say(TextKey(rawValue: "page.sealReason.\(self["reason"]?.text ?? "asked")")).capitalisedFirst),
            .init(name: "SHA-256", value: self["sha256"]?.text ?? ""),
        ]
    }
}

extension SealedReportView.Version {
    fileprivate init(_ report: JSONValue, isThis: Bool, _ speaker: Speaker) {
        name = speaker.say("page.sealed.version", ["version": .text("\(report["version"]?.integer ?? 1)")])
        href = "/sealed-reports/\(report["id"]?.text ?? "")"
        sealedOn = report["sealedAt"]?.instant.map { speaker.day($0.dayOfNetwork) } ?? ""
        reason = speaker.say(TextKey(rawValue: "page.sealReason.\(report["reason"]?.text ?? "asked")"))
        self.isThis = isThis
    }
}

extension SealedReportView.Again {
    fileprivate init(_ answer: JSONValue, _ speaker: Speaker) {
        let isSame = answer["isSame"]?.isTrue ?? false
        sentence = speaker.say(isSame ? "page.sealed.same" : "page.sealed.other")
        tone = isSame ? "good" : "bad"
        sha256 = answer["reproducedSha256"]?.text ?? ""
    }
}
