import Access
import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

/// A platform with what stands in it, how each is, and what is done about it.
struct PlatformPartsView: Sendable {
    struct Part: Sendable {
        let name: String
        let state: String
        let tone: String
        let faultHref: String
        let outageHref: String
    }

    struct Bay: Sendable {
        let name: String
        let href: String
    }

    let backHref: String
    let platformHref: String
    let name: String
    /// That it closes, or has closed.
    let closing: String?
    /// Where it is closed for good, by who may.
    let retireHref: String?
    let mayAct: Bool
    let faults: [FaultRow]
    let outages: [OutageRow]
    let parts: [Part]
    let hasNamed: Bool
    let bays: [Bay]
    let path: String
    let key: String
}

/// What stops a part, or is wrong with it, by the ids of resources.
private struct PartStates {
    let faulty: Set<String>
    let stopped: Set<String>
    let planned: Set<String>

    init(faults: [JSONValue], outages: [JSONValue], now: Instant) {
        faulty = Set(faults.compactMap { $0["resourceId"]?.text })
        let begun = outages.filter { $0["start"]?.instant.map { $0 <= now } ?? false }
        stopped = Set(begun.compactMap { $0["resourceId"]?.text })
        planned = Set(outages.compactMap { $0["resourceId"]?.text }).subtracting(stopped)
    }

    func part(_ id: String, _ name: String, of platform: ResourceID, _ speaker: Speaker) -> PlatformPartsView.Part {
        let (code, tone) =
            stopped.contains(id)
            ? ("stopped", "bad")
            : faulty.contains(id) ? ("faulty", "fair") : planned.contains(id) ? ("planned", "fair") : ("inOrder", "good")
        return PlatformPartsView.Part(
            name: name, state: speaker.say(TextKey(rawValue: "page.parts.\(code)")), tone: tone,
            faultHref: "/resources/\(id)/faults/new?platform=\(platform)", outageHref: "/resources/\(id)/outages/new?platform=\(platform)")
    }
}

extension Pages {
    /// The workstations of a platform, each and by model: what is wrong with them is reported, and ended, here.
    func platformParts(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let speaker = member.speaker
        let platform = try await member.api.platform(try request.path("resourceId"))
        _ = try await staffedCentre(platform.centre, member)
        async let groups = member.api.get("/v1/platforms/\(platform.id)/workstation-groups")
        async let named = member.api.all("/v1/platforms/\(platform.id)/workstations")
        async let bays = member.api.all("/v1/platforms", ["centreId": "\(platform.centre)", "parentId": "\(platform.id)"])
        async let allFaults = member.api.all("/v1/centres/\(platform.centre)/faults", ["open": "true"])
        let allOutages = try await member.api.all("/v1/centres/\(platform.centre)/outages")
        let models = try await groups["items"]?.items ?? []
        let workstations = try await named.filter { $0["retiredAt"]?.instant.map { $0 > member.now } ?? true }
            .sorted { ($0["name"]?.text ?? "") < ($1["name"]?.text ?? "") }
        let ids = Set(["\(platform.id)"] + (models + workstations).compactMap { $0["id"]?.text })
        func ofThese(_ rows: [JSONValue]) -> [JSONValue] { rows.filter { $0["resourceId"]?.text.map(ids.contains) ?? false } }
        let (faults, outages) = (ofThese(try await allFaults), ofThese(allOutages))
        let states = PartStates(faults: faults, outages: outages, now: member.now)
        let whole = states.part("\(platform.id)", speaker.say("page.parts.whole"), of: platform.id, speaker)
        let byModel = models.map { group in
            let about: [String: TextArgument] = [
                "model": .text(group["model"]?.text ?? ""), "count": .number(group["workstations"]?.integer ?? 0),
            ]
            return states.part(group["id"]?.text ?? "", speaker.say("page.parts.group", about), of: platform.id, speaker)
        }
        let each = workstations.map { station in
            let name = [station["name"]?.text, station["model"]?.text].compactMap(\.self).joined(separator: " · ")
            return states.part(station["id"]?.text ?? "", name, of: platform.id, speaker)
        }
        let mayClose = member.principal.holds(.centreManager, .networkManager, at: platform.id.centreColumn)
        let path = "/platforms/\(platform.id)/inventory"
        return .sheet(
            Sheet(
                "platformParts", title: speaker.say("page.parts.title", ["name": .text(platform.name)]), section: "inventory",
                PlatformPartsView(
                    backHref: "/centres/\(platform.centre)/inventory", platformHref: platform.href, name: platform.name,
                    closing: platform.closing(at: member.now, speaker),
                    retireHref: mayClose && platform.details["retiredAt"] == nil
                        ? "/resources/\(platform.id)/retirement/new?platform=\(platform.id)" : nil,
                    mayAct: member.principal.holds(.centreStaff, .centreManager, at: platform.id.centreColumn),
                    faults: faults.map { FaultRow($0, speaker) },
                    outages: outages.map { OutageRow($0, now: member.now, speaker) }, parts: [whole] + byModel + each,
                    hasNamed: !workstations.isEmpty,
                    bays: try await bays.map {
                        .init(name: $0["name"]?.text ?? "", href: "/platforms/\($0["id"]?.text ?? "")/inventory")
                    }.sorted { $0.name < $1.name },
                    path: path, key: UUID().uuidString.lowercased())))
    }
}

extension Resource {
    /// That it closes for good, or has closed; nil: it goes on.
    func closing(at now: Instant, _ speaker: Speaker) -> String? {
        details["retiredAt"]?.instant.map { moment in
            speaker.say(moment > now ? "page.parts.closes" : "page.parts.closed", ["day": .day(zone.day(of: moment))])
        }
    }
}
