import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

struct StoppageFormView: Sendable {
    let action: String
    let backHref: String
    let isFault: Bool
    let isOutage: Bool
    let isRetirement: Bool
    let severities: [SearchView.Option]
    let causes: [SearchView.Option]
    let reason: String?
    let start: String?
    let end: String?
    let plan: String?
    let platform: String?
    let faults: [String]
}

struct StoppageReviewView: Sendable {
    let backHref: String
    let action: String
    let changeHref: String
    let facts: [BookingReviewView.Field]
    let fields: [BookingReviewView.Field]
    let displacing: String
    let summary: String
    let isHarmless: Bool
    let displaced: [DisplacedRow]
    /// That what is confirmed here stays.
    let warning: String?
    /// Machines that stay though what they stand on closes.
    let staying: [String]
    /// Why the form has to be read again.
    let changed: String?
    let button: String
    let idempotencyKey: String
}

/// A booking that loses its place.
struct DisplacedRow: Sendable {
    let reference: String
    let href: String
    let when: String
    let state: String
    let tone: String
    let outcome: String?

    init(_ booking: JSONValue, in zone: Zone, _ speaker: Speaker) {
        let code = booking["state"]?.text ?? ""
        reference = booking["reference"]?.text ?? ""
        href = "/bookings/\(booking["bookingId"]?.text ?? "")"
        when = booking.period.map { speaker.span($0, zone) } ?? ""
        state = speaker.stateName(code)
        tone = BookingTone.of(code)
        outcome = booking["outcome"]?.text.map { speaker.say(TextKey(rawValue: "page.outcome.\($0)")) }
    }
}

extension Pages {
    func faultForm(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await stoppageForm(Stoppage(.faults, request.fields), of: try await stopped(request, member), faults: [], member)
    }

    func outageForm(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await stoppageForm(Stoppage(.outages, request.fields), of: try await stopped(request, member), faults: [], member)
    }

    func retirementForm(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await stoppageForm(Stoppage(.retirement, request.fields), of: try await stopped(request, member), faults: [], member)
    }

    /// Shows whom the end of a platform would displace; nothing is recorded yet.
    func retirementReview(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await stoppageReview(Stoppage(.retirement, request.fields), of: try await stopped(request, member), changed: nil, member)
    }

    func retirePlatform(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await record(Stoppage(.retirement, request.fields), .platformRetired, request, member)
    }

    /// Shows whom a fault would displace; nothing is recorded yet.
    func faultReview(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await stoppageReview(Stoppage(.faults, request.fields), of: try await stopped(request, member), changed: nil, member)
    }

    /// Shows whom an outage would displace; nothing is planned yet.
    func outageReview(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await stoppageReview(Stoppage(.outages, request.fields), of: try await stopped(request, member), changed: nil, member)
    }

    func reportFault(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await record(Stoppage(.faults, request.fields), .faultReported, request, member)
    }

    func planOutage(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await record(Stoppage(.outages, request.fields), .outagePlanned, request, member)
    }

    /// The resource, for the staff of its centre; for anybody else it looks missing.
    private func stopped(_ request: MemberRequest, _ member: MemberVisit) async throws -> Resource {
        let id: ResourceID = try request.path("resourceId")
        let platform = request.fields["platform"].flatMap { ResourceID($0) }
        let resource = try await member.api.part(id, of: platform)
        _ = try await staffedCentre(resource.centre, member)
        return resource
    }

    /// Records what was confirmed, for exactly the bookings that were shown; when they are others by now, shows those.
    private func record(_ stoppage: Stoppage, _ news: News, _ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let resource = try await stopped(request, member)
        let shown = (request.fields["displacing"] ?? "").split(separator: " ").map(String.init)
        do {
            _ = try await member.api.post(
                stoppage.apiPath(of: resource), stoppage.body(in: resource.zone, displacing: shown), key: request.fields["idempotencyKey"])
            return .seeOther("\(stoppage.backHref(of: resource))?news=\(news.rawValue)")
        } catch let refusal as Refusal where refusal.isTold {
            return try await stoppageReview(stoppage, of: resource, changed: refusal.inWords(member.speaker), member)
        }
    }

    private func stoppageForm(
        _ stoppage: Stoppage, of resource: Resource, faults: [String], _ member: MemberVisit
    ) async throws -> PageAnswer {
        let speaker = member.speaker
        func options(_ kind: String, _ codes: [String], _ chosen: String) -> [SearchView.Option] {
            codes.map { .init(value: $0, name: speaker.say(TextKey(rawValue: "page.\(kind).\($0)")), isChosen: $0 == chosen) }
        }
        return .sheet(
            Sheet(
                "stoppageForm", title: speaker.say(stoppage.title, ["name": .text(resource.name)]),
                status: faults.isEmpty ? .ok : .unprocessableContent, section: "inventory",
                StoppageFormView(
                    action: "/resources/\(resource.id)/\(stoppage.kind.rawValue)/review", backHref: stoppage.backHref(of: resource),
                    isFault: stoppage.kind == .faults, isOutage: stoppage.kind == .outages, isRetirement: stoppage.kind == .retirement,
                    severities: options("severity", Stoppage.severities, stoppage.severity),
                    causes: options("cause", Stoppage.causes, stoppage.cause), reason: stoppage.reason, start: stoppage.start,
                    end: stoppage.end, plan: stoppage.plan, platform: stoppage.platform.map { "\($0)" }, faults: faults)))
    }

    private func stoppageReview(
        _ stoppage: Stoppage, of resource: Resource, changed: String?, _ member: MemberVisit
    ) async throws -> PageAnswer {
        let speaker = member.speaker
        let path = "/resources/\(resource.id)/\(stoppage.kind.rawValue)"
        let answer = try await member.api.calls.answer(
            to: InnerCall(
                .post, stoppage.apiPath(of: resource), query: [(name: "dryRun", value: "true")], body: stoppage.body(in: resource.zone)),
            as: member.principal, in: member.visit.context)
        guard !answer.isProblem else {
            return try await stoppageForm(stoppage, of: resource, faults: [Refusal(answer).inWords(speaker)], member)
        }
        let displaced = answer.body["displaced"]?.items ?? []
        return .sheet(
            Sheet(
                "stoppageReview", title: speaker.say(stoppage.title, ["name": .text(resource.name)]),
                status: changed == nil ? .ok : .conflict, section: "inventory",
                StoppageReviewView(
                    backHref: stoppage.backHref(of: resource), action: path, changeHref: "\(path)/new?\(stoppage.query)",
                    facts: stoppage.facts(of: resource, speaker), fields: stoppage.fields,
                    displacing: displaced.compactMap { $0["bookingId"]?.text }.joined(separator: " "),
                    summary: speaker.say("page.stoppage.displaces", ["count": .number(displaced.count)]), isHarmless: displaced.isEmpty,
                    displaced: displaced.map { DisplacedRow($0, in: resource.zone, speaker) },
                    warning: stoppage.kind == .retirement ? speaker.say("page.stoppage.noWayBack") : nil,
                    staying: (answer.body["equipment"]?.items ?? []).map { machine in
                        [machine["name"]?.text, machine["inventoryNumber"]?.text].compactMap(\.self).joined(separator: " · ")
                    },
                    changed: changed, button: speaker.say(stoppage.button),
                    idempotencyKey: UUID().uuidString.lowercased())))
    }
}

extension Stoppage {
    var title: TextKey {
        switch kind {
        case .faults: "page.stoppage.faultOf"
        case .outages: "page.stoppage.outageOf"
        case .retirement: "page.stoppage.retirementOf"
        }
    }

    fileprivate var button: TextKey {
        switch kind {
        case .faults: "page.stoppage.report"
        case .outages: "page.stoppage.plan"
        case .retirement: "page.stoppage.retire"
        }
    }
}

extension Refusal {
    /// In one line; fields are called what people call them.
    func inWords(_ speaker: Speaker) -> String {
        guard issues.isEmpty else { return issues.map { "\(speaker.stoppageField($0.name)): \($0.detail)" }.joined(separator: " · ") }
        return [title, detail].compactMap(\.self).joined(separator: " · ")
    }
}

extension Speaker {
    fileprivate func stoppageField(_ pointer: String) -> String {
        let name = pointer.split(separator: "/").last.map(String.init) ?? pointer
        return say("page.asDay", ["day": .word(TextKey(rawValue: "page.stoppage.\(name)"), otherwise: name)])
    }
}
