import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

struct StoppageFormView: Sendable {
    let action: String
    let backHref: String
    let isFault: Bool
    /// Of a platform with workstations that have an identity.
    let parts: [SearchView.Option]
    let severities: [SearchView.Option]
    let causes: [SearchView.Option]
    let reason: String?
    let start: String?
    let end: String?
    let plan: String?
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
    /// Why the form has to be read again.
    let changed: String?
    let button: String
    let idempotencyKey: String
}

/// What is stopped, and which of its parts could be stopped alone.
struct Stopped: Sendable {
    struct Part: Sendable {
        let id: ResourceID
        let name: String
    }

    let resource: Resource
    let parts: [Part]

    /// Where it is told, below `/v1`; a part that is none of it is none at all.
    func path(of stoppage: Stoppage) -> String {
        let part = parts.first { $0.id == stoppage.part }?.id
        return "/resources/\(part ?? resource.id)/\(stoppage.kind.rawValue)"
    }
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
    private func stopped(_ request: MemberRequest, _ member: MemberVisit) async throws -> Stopped {
        let resource = try await member.api.resource(try request.path("resourceId"))
        _ = try await staffedCentre(resource.centre, member)
        return Stopped(resource: resource, parts: resource.kind == .platform ? try await parts(of: resource, member) : [])
    }

    /// Models first, each with how many there are.
    private func parts(of platform: Resource, _ member: MemberVisit) async throws -> [Stopped.Part] {
        let path = "/v1/platforms/\(platform.id)"
        let groups = try await member.api.get("\(path)/workstation-groups")["items"]?.items ?? []
        let models = groups.compactMap { group -> Stopped.Part? in
            guard let id = group["id"]?.text.flatMap({ ResourceID($0) }), let count = group["workstations"]?.integer, count > 0
            else { return nil }
            let name = member.speaker.say(
                "page.stoppage.allOfModel", ["model": .text(group["model"]?.text ?? ""), "count": .number(count)])
            return Stopped.Part(id: id, name: name)
        }
        let workstations = try await member.api.all("\(path)/workstations").compactMap { workstation -> Stopped.Part? in
            guard workstation["retiredAt"] == nil, let id = workstation["id"]?.text.flatMap({ ResourceID($0) }) else { return nil }
            return Stopped.Part(
                id: id, name: [workstation["name"]?.text, workstation["model"]?.text].compactMap(\.self).joined(separator: " · "))
        }
        return models + workstations
    }

    /// Records what was confirmed, for exactly the bookings that were shown; when they are others by now, shows those.
    private func record(_ stoppage: Stoppage, _ news: News, _ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let stopped = try await stopped(request, member)
        let resource = stopped.resource
        let shown = (request.fields["displacing"] ?? "").split(separator: " ").map(String.init)
        do {
            _ = try await member.api.post(
                "/v1\(stopped.path(of: stoppage))", stoppage.body(in: resource.zone, displacing: shown),
                key: request.fields["idempotencyKey"])
            return .seeOther("/centres/\(resource.centre)/inventory?news=\(news.rawValue)")
        } catch let refusal as Refusal where refusal.isTold {
            return try await stoppageReview(stoppage, of: stopped, changed: refusal.inWords(member.speaker), member)
        }
    }

    private func stoppageForm(
        _ stoppage: Stoppage, of stopped: Stopped, faults: [String], _ member: MemberVisit
    ) async throws -> PageAnswer {
        let speaker = member.speaker
        let resource = stopped.resource
        func options(_ kind: String, _ codes: [String], _ chosen: String) -> [SearchView.Option] {
            codes.map { .init(value: $0, name: speaker.say(TextKey(rawValue: "page.\(kind).\($0)")), isChosen: $0 == chosen) }
        }
        return .sheet(
            Sheet(
                "stoppageForm", title: speaker.say(stoppage.title, ["name": .text(resource.name)]),
                status: faults.isEmpty ? .ok : .unprocessableContent, section: "inventory",
                StoppageFormView(
                    action: "/resources/\(resource.id)/\(stoppage.kind.rawValue)/review", backHref: "/centres/\(resource.centre)/inventory",
                    isFault: stoppage.kind == .faults,
                    parts: stopped.parts.map { .init(value: "\($0.id)", name: $0.name, isChosen: $0.id == stoppage.part) },
                    severities: options("severity", Stoppage.severities, stoppage.severity),
                    causes: options("cause", Stoppage.causes, stoppage.cause), reason: stoppage.reason, start: stoppage.start,
                    end: stoppage.end, plan: stoppage.plan, faults: faults)))
    }

    private func stoppageReview(
        _ stoppage: Stoppage, of stopped: Stopped, changed: String?, _ member: MemberVisit
    ) async throws -> PageAnswer {
        let speaker = member.speaker
        let resource = stopped.resource
        let path = "/resources/\(resource.id)/\(stoppage.kind.rawValue)"
        let answer = try await member.api.calls.answer(
            to: InnerCall(
                .post, "/v1\(stopped.path(of: stoppage))", query: [(name: "dryRun", value: "true")],
                body: stoppage.body(in: resource.zone)),
            as: member.principal, in: member.visit.context)
        guard !answer.isProblem else {
            return try await stoppageForm(stoppage, of: stopped, faults: [Refusal(answer).inWords(speaker)], member)
        }
        let displaced = answer.body["displaced"]?.items ?? []
        return .sheet(
            Sheet(
                "stoppageReview", title: speaker.say(stoppage.title, ["name": .text(resource.name)]),
                status: changed == nil ? .ok : .conflict, section: "inventory",
                StoppageReviewView(
                    backHref: "/centres/\(resource.centre)/inventory", action: path, changeHref: "\(path)/new?\(stoppage.query)",
                    facts: stoppage.facts(of: stopped, speaker), fields: stoppage.fields,
                    displacing: displaced.compactMap { $0["bookingId"]?.text }.joined(separator: " "),
                    summary: speaker.say("page.stoppage.displaces", ["count": .number(displaced.count)]), isHarmless: displaced.isEmpty,
                    displaced: displaced.map { DisplacedRow($0, in: resource.zone, speaker) }, changed: changed,
                    button: speaker.say(stoppage.kind == .faults ? "page.stoppage.report" : "page.stoppage.plan"),
                    idempotencyKey: UUID().uuidString.lowercased())))
    }
}

extension Stoppage {
    var title: TextKey { kind == .faults ? "page.stoppage.faultOf" : "page.stoppage.outageOf" }
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
