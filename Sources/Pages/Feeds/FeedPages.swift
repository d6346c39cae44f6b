import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

struct FeedsView: Sendable {
    struct Feed: Sendable {
        let what: String
        let purpose: String?
        let lately: String
        let revocation: String
    }

    /// Where the new one is read, shown this once.
    struct Made: Sendable {
        let url: String
        /// The same, so that a calendar program opens it.
        let webcal: String
    }

    let feeds: [Feed]
    let kinds: [SearchView.Option]
    let languages: [SearchView.Option]
    /// The platform or machine whose calendar is offered too.
    let resource: String?
    let idempotencyKey: String
    let made: Made?
    let fault: String?
}

extension Pages {
    /// The calendars that other programs read, and a form for a new one.
    func feeds(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await feedsPage(request.fields, made: nil, fault: nil, member)
    }

    /// Makes a feed and shows its address this once; sending the form again shows no address and makes no second feed.
    func makeFeed(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let kind = request.fields["kind"] ?? ""
        var body: [String: JSONValue] = ["kind": .string(kind)]
        if let language = request.fields["language"] { body["language"] = .string(language) }
        if let purpose = request.fields["purpose"] { body["description"] = .string(purpose) }
        switch kind {
        case "resource": body["resourceId"] = request.fields["resource"].map { .string($0) }
        case "centre": body["centreId"] = member.principal.workplace.map { .string($0.description) }
        default: break
        }
        do {
            let answer = try await member.api.post("/v1/calendar-feeds", body, key: request.fields["idempotencyKey"])
            guard let url = answer["url"]?.text else {
                return try await feedsPage(request.fields, made: nil, fault: member.speaker.say("page.feeds.shownBefore"), member)
            }
            return try await feedsPage(request.fields, made: made(url, member), fault: nil, member)
        } catch let refusal as Refusal where refusal.isTold {
            let faults = refusal.issues.isEmpty ? [refusal.detail ?? refusal.title] : refusal.issues.map(\.detail)
            return try await feedsPage(request.fields, made: nil, fault: faults.joined(separator: " · "), member)
        }
    }

    /// Ends a feed; one that is ended already stays so.
    func revokeFeed(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: FeedID = try request.path("feedId")
        do {
            try await member.api.delete("/v1/calendar-feeds/\(id)")
        } catch let refusal as Refusal where refusal.status == .notFound {
            return .seeOther("/calendar-feeds")
        }
        return .seeOther("/calendar-feeds?news=feedRevoked")
    }

    private func made(_ url: String, _ member: MemberVisit) -> FeedsView.Made {
        let whole = url.hasPrefix("/") ? address.of(url, host: member.visit.host) : url
        let rest = whole.firstRange(of: "://").map { String(whole[$0.upperBound...]) } ?? whole
        return FeedsView.Made(url: whole, webcal: "webcal://\(rest)")
    }

    private func feedsPage(
        _ fields: FormFields, made: FeedsView.Made?, fault: String?, _ member: MemberVisit
    ) async throws -> PageAnswer {
        let speaker = member.speaker
        let names = FeedNames(api: member.api, speaker: speaker)
        var resource: Resource?
        if let asked = fields["resource"].flatMap({ ResourceID($0) }) { resource = try await member.api.resource(asked) }
        let feeds = try await member.api.all("/v1/calendar-feeds")
        var rows: [FeedsView.Feed] = []
        for feed in feeds { rows.append(FeedsView.Feed(feed, what: try await names.subject(of: feed), speaker)) }
        var kinds = ["organisation", "person"].map { (value: $0, name: speaker.say(TextKey(rawValue: "page.feedKind.\($0)"))) }
        if let centre = member.principal.workplace {
            kinds.append((value: "centre", name: try await names.centre(centre)))
        }
        if let resource { kinds.insert((value: "resource", name: names.only(resource.name)), at: 0) }
        let chosen = fields["kind"] ?? kinds[0].value
        return .sheet(
            Sheet(
                "feeds", title: speaker.say("page.feeds.title"), status: fault == nil ? .ok : .unprocessableContent, section: "bookings",
                FeedsView(
                    feeds: rows, kinds: kinds.map { .init(value: $0.value, name: $0.name, isChosen: $0.value == chosen) },
                    languages: ["fr", "en"].map {
                        .init(
                            value: $0, name: speaker.say(TextKey(rawValue: "page.documentLanguage.\($0)")),
                            isChosen: $0 == (fields["language"] ?? speaker.language.rawValue))
                    },
                    resource: resource.map { "\($0.id)" }, idempotencyKey: UUID().uuidString.lowercased(), made: made, fault: fault)))
    }
}

/// Says what feeds show.
private struct FeedNames {
    let api: PageCalls
    let speaker: Speaker

    func subject(of feed: JSONValue) async throws -> String {
        let kind = feed["kind"]?.text ?? "person"
        if let resource = feed["resourceId"]?.text.flatMap({ ResourceID($0) }) {
            do {
                return only(try await api.resource(resource).name)
            } catch let problem as Problem where problem.status == .notFound {
                return speaker.say("page.feedKind.resource")
            }
        }
        if let centre = feed["centreId"]?.text.flatMap({ CentreID($0) }) { return try await self.centre(centre) }
        return speaker.say(TextKey(rawValue: "page.feedKind.\(kind)"))
    }

    func centre(_ id: CentreID) async throws -> String {
        let name = try await api.get("/v1/centres/\(id)")["name"]?.text ?? ""
        return speaker.say("page.feeds.ofCentre", ["name": .text(name)])
    }

    func only(_ name: String) -> String { speaker.say("page.feeds.ofResource", ["name": .text(name)]) }
}

extension FeedsView.Feed {
    fileprivate init(_ feed: JSONValue, what: String, _ speaker: Speaker) {
        let zone = Zone("Europe/Brussels")
        self.what = what
        purpose = feed["description"]?.text
        let made = feed["createdAt"]?.instant.map { speaker.say("page.feeds.madeOn", ["moment": .instant($0, in: zone)]) }
        let read =
            feed["lastReadAt"]?.instant.map { speaker.say("page.feeds.readOn", ["moment": .instant($0, in: zone)]) }
            ?? speaker.say("page.feeds.neverRead")
        lately = [made, read].compactMap(\.self).joined(separator: " · ")
        revocation = "/calendar-feeds/\(feed["id"]?.text ?? "")/revocation"
    }
}
