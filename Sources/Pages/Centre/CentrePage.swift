import HTTPEdge
import HTTPTypes
import Kernel

struct CentreView: Sendable {
    struct Platform: Sendable {
        let name: String
        let href: String
        let capacity: String
        let sectors: String
        let machines: [Machine]
    }

    struct Machine: Sendable {
        let name: String
        let href: String
        let model: String
    }

    struct LabelSpan: Sendable {
        let period: String
        let status: String
        let tone: String
    }

    struct Decision: Sendable {
        let decidedOn: String
        let kind: String
        let period: String
        let reference: String
        let isSuperseded: Bool
    }

    struct Site: Sendable {
        let name: String
        let town: String
        let kind: String
    }

    let id: String
    let name: String
    /// The protected title, while the label is in force.
    let title: String?
    let status: String
    let tone: String
    let labelLine: String
    let sites: [Site]
    let platforms: [Platform]
    let looseMachines: [Machine]
    /// How many there are stands where a machine's model does.
    let stocks: [Machine]
    let kits: [KitRow]
    let periods: [LabelSpan]
    let decisions: [Decision]
    let formerNames: [String]
    let isStaff: Bool
    let mayPropose: Bool
}

extension Pages {
    /// One centre: where it is, what it has, its label and how it came to it.
    func centre(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: CentreID = try request.path("centreId")
        let speaker = member.speaker
        let centre = try await member.api.get("/v1/centres/\(id)")
        async let label = member.api.get("/v1/centres/\(id)/label")
        async let decisions = member.api.all("/v1/centres/\(id)/label-decisions")
        async let sites = member.api.all("/v1/centres/\(id)/sites")
        async let platforms = member.api.platforms(of: id)
        async let machines = member.api.equipment(of: id)
        async let stocks = member.api.stocks(of: id)
        async let kits = member.api.all("/v1/kits", ["centreId": "\(id)", "on": "\(member.now.dayOfNetwork)"])
        let known = try await label
        let status = known["status"]?.text ?? "none"
        let byPlatform = Dictionary(grouping: try await machines, by: \.platform)
        let principal = member.principal
        let view = CentreView(
            id: "\(id)", name: centre["name"]?.text ?? "", title: centre["title"]?.text,
            status: speaker.say(TextKey(rawValue: "page.label.\(status)")), tone: LabelTone.of(status),
            labelLine: known["endsOn"]?.day.map { speaker.say("page.until", ["day": .day($0)]) } ?? "",
            sites: try await sites.map {
                .init(
                    name: $0["name"]?.text ?? "", town: speaker.place(of: $0),
                    kind: speaker.say(TextKey(rawValue: "page.site.\($0["kind"]?.text ?? "fixed")")))
            },
            platforms: try await platforms.map { platform in
                .init(
                    name: platform.name, href: platform.href,
                    capacity: speaker.say("page.workstations", ["count": .number(platform.capacity)]),
                    sectors: platform.sectors.map(speaker.sector).joined(separator: ", "),
                    machines: (byPlatform[platform.id] ?? []).map(CentreView.Machine.init))
            },
            looseMachines: (byPlatform[nil] ?? []).map(CentreView.Machine.init),
            stocks: try await stocks.map { .init($0, count: $0.amount($0.capacity, speaker)) },
            kits: try await kits.map { KitRow($0, speaker) },
            periods: (known["periods"]?.items ?? []).reversed().filter { !$0.isTermToCome(after: known["on"]?.day) }.map {
                CentreView.LabelSpan($0, speaker)
            },
            decisions: try await decisions.reversed().map { CentreView.Decision($0, speaker) },
            formerNames: (centre["names"]?.items ?? []).filter { $0["to"] != nil }.compactMap { $0["name"]?.text },
            isStaff: principal.workplace == id || principal.holdsSomewhere(anyOf: [.networkManager, .networkAuditor]),
            mayPropose: principal.holdsSomewhere(anyOf: [.labelAuthority, .networkManager]) && centre["kind"]?.text == "centre")
        return .sheet(Sheet("centre", title: view.name, section: "register", view))
    }
}

extension Speaker {
    /// The town of a site, with the municipality of today where that has another name.
    fileprivate func place(of site: JSONValue) -> String {
        let town = site["town"]?.text ?? ""
        let names = (site["municipality"]?["current"]?["municipalities"]?.items ?? []).compactMap { municipality in
            municipality["names"]?[language.rawValue]?.text ?? municipality["name"]?.text
        }
        guard !names.isEmpty, names != [town] else { return town }
        return say("page.site.place", ["town": .text(town), "municipality": .text(names.joined(separator: " / "))])
    }
}

extension CentreView.Machine {
    init(_ stock: Resource, count: String) {
        name = stock.name
        href = stock.href
        model = count
    }

    init(_ machine: Resource) {
        name = machine.name
        href = machine.href
        model = [machine.details["manufacturer"]?.text, machine.details["model"]?.text].compactMap { $0 }.joined(separator: " ")
    }
}

extension JSONValue {
    /// The end of a term that is still running is no event of its history yet.
    fileprivate func isTermToCome(after today: LocalDay?) -> Bool {
        guard self["status"]?.text == "expired", let today, let from = self["from"]?.day else { return false }
        return from > today
    }
}

extension CentreView.LabelSpan {
    init(_ span: JSONValue, _ speaker: Speaker) {
        let code = span["status"]?.text ?? "none"
        status = speaker.say(TextKey(rawValue: "page.label.\(code)"))
        tone = LabelTone.of(code)
        period = RegisterView.Row.period(
            span["from"]?.day.map(TextArgument.day), span["to"]?.day.map(TextArgument.day), speaker)
    }
}

extension CentreView.Decision {
    init(_ decision: JSONValue, _ speaker: Speaker) {
        decidedOn = decision["decidedOn"]?.day.map(speaker.day) ?? ""
        kind = speaker.say(TextKey(rawValue: "page.decisionKind.\(decision["kind"]?.text ?? "grant")"))
        period = RegisterView.Row.period(
            decision["effectiveFrom"]?.day.map(TextArgument.day), decision["effectiveTo"]?.day.map(TextArgument.day), speaker)
        reference = [decision["authority"]?.text.map(speaker.authority), decision["reference"]?.text].compactMap { $0 }.joined(
            separator: " · ")
        isSuperseded = decision["supersededBy"] != nil
    }
}
