import Access
import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

/// A kit as lists show it.
struct KitRow: Sendable {
    let name: String
    let href: String
    let what: String
    let days: String
    let state: String
    let tone: String

    init(_ kit: JSONValue, _ speaker: Speaker) {
        let isReady = kit["isReady"]?.isTrue == true
        name = kit["name"]?.text ?? ""
        href = "/kits/\(kit["id"]?.text ?? "")"
        what = speaker.list((kit["members"]?.items ?? []).map { KitView.Member($0, speaker).what })
        days = speaker.kitDays(kit)
        state = speaker.say(isReady ? "page.kit.ready" : "page.kit.notReady")
        tone = isReady ? "good" : "fair"
    }
}

struct KitView: Sendable {
    struct Member: Sendable {
        let what: String
        let memberHref: String?
        let state: String
        let tone: String
    }

    struct Step: Sendable {
        let times: String
        let what: String
        let tone: String
        let stepHref: String?
    }

    let centreName: String
    let centreHref: String
    let description: String?
    let days: String
    let members: [Member]
    let path: String
    let day: String
    let dayName: String
    let steps: [Step]
    let bookHref: String?
    let changeHref: String?
}

extension KitView.Member {
    init(_ member: JSONValue, _ speaker: Speaker) {
        let kind = member["kind"]?.text ?? ""
        let thing = member["name"]?.text ?? ""
        let resource = Resource.Kind(rawValue: kind)
        let amount = member["amount"]?.integer.map { "\($0) × " } ?? ""
        what = member["exclusive"] == nil ? (kind == "equipment" ? thing : amount + thing) : "\(thing) (\(speaker.whole(of: kind)))"
        memberHref = resource.flatMap { kind in member["resourceId"]?.text.map { "/\(kind.path)/\($0)" } }
        let standing = member["standing"]?.text ?? "ready"
        state = speaker.say(TextKey(rawValue: "page.standing.\(standing)"), ["there": .number(member["there"]?.integer ?? 0)])
        tone = standing == "ready" ? "good" : "bad"
    }
}

extension Speaker {
    fileprivate func kitDays(_ kit: JSONValue) -> String {
        var days: [String: TextArgument] = [:]
        if let from = kit["from"]?.day { days["from"] = .day(from) }
        if let to = kit["to"]?.day { days["to"] = .day(to) }
        return say(days["to"] == nil ? "page.kit.from" : "page.kit.fromTo", days)
    }
}

extension Pages {
    /// What a kit consists of, how it stands, and when all of it is free on a day.
    func kit(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let speaker = member.speaker
        let kit = try await member.api.kit(try request.path("resourceId"))
        let day = request.fields["day"].flatMap { LocalDay($0) } ?? kit.zone.day(of: member.now)
        async let centre = member.api.get("/v1/centres/\(kit.centre)")
        let free = try await member.api.get(
            "/v1/kits/\(kit.id)/availability",
            [
                "start": kit.zone.instant(of: day, .midnight).rfc3339,
                "end": kit.zone.instant(of: day.adding(days: 1), .midnight).rfc3339,
            ])
        let members = kit.details["members"]?.items ?? []
        let mayBook = member.principal.holdsSomewhere(anyOf: [.booker])
        return .sheet(
            Sheet(
                "kit", title: kit.name, section: "search",
                KitView(
                    centreName: try await centre["name"]?.text ?? "", centreHref: "/centres/\(kit.centre)",
                    description: kit.description, days: speaker.kitDays(kit.details), members: members.map { .init($0, speaker) },
                    path: kit.href, day: "\(day)", dayName: speaker.weekday(day),
                    steps: KitView.Step.all(free, members, of: kit, on: day, mayBook: mayBook, speaker),
                    bookHref: mayBook ? "/book?resource=\(kit.id)&day=\(day)" : nil,
                    changeHref: member.principal.holds(.centreManager, .networkManager, at: kit.id.centreColumn)
                        ? "\(kit.href)/change" : nil)))
    }
}

extension KitView.Step {
    /// The steps of a day inside opening hours.
    fileprivate static func all(
        _ free: JSONValue, _ members: [JSONValue], of kit: Resource, on day: LocalDay, mayBook: Bool, _ speaker: Speaker
    ) -> [KitView.Step] {
        let open = (free["open"]?.items ?? []).compactMap(\.period)
        return (free["steps"]?.items ?? []).flatMap { step in
            open.compactMap { hours -> KitView.Step? in
                guard let whole = step.period,
                    let period = Period(start: max(whole.start, hours.start), end: min(whole.end, hours.end))
                else { return nil }
                let lacking = (step["lacking"]?.items ?? []).compactMap(\.integer).compactMap { number in
                    members.first { $0["number"]?.integer == number }?["name"]?.text
                }
                let zone = kit.zone
                let end = zone.time(of: period.end)
                let times = "from=\(zone.time(of: period.start))&to=\(end == .midnight ? "24:00" : end.description)"
                return KitView.Step(
                    times: speaker.times(period, zone),
                    what: lacking.isEmpty
                        ? speaker.say("page.week.free") : speaker.say("page.kit.lacking", ["names": .text(speaker.list(lacking))]),
                    tone: lacking.isEmpty ? "good" : "bad",
                    stepHref: lacking.isEmpty && mayBook ? "/book?resource=\(kit.id)&day=\(day)&\(times)" : nil)
            }
        }
    }
}
