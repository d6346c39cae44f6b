import Access
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
        try await shownFeeds(request.fields, member).page(request.fields, made: nil, fault: nil, member.speaker)
    }

    /// Makes a feed and shows its address this once; sending the form again shows no address and makes no second feed.
    ///
    /// Whatever the page shows is read before: what fails afterwards would lose the address.
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
        var shown = try await shownFeeds(request.fields, member)
        let speaker = member.speaker
        do {
            let answer = try await member.api.post("/v1/calendar-feeds", body, key: request.fields["idempotencyKey"])
            guard let url = answer["url"]?.text else {
                return shown.page(request.fields, made: nil, fault: speaker.say("page.feeds.shownBefore"), speaker)
            }
            let what = shown.kinds.first { $0.value == kind }?.name ?? ""
            shown.feeds.append(FeedsView.Feed(answer, what: what, speaker))
            return shown.page(request.fields, made: made(url, member), fault: nil, speaker)
        } catch let refusal as Refusal where refusal.isTold {
            let faults = refusal.issues.isEmpty ? [refusal.detail ?? refusal.title] : refusal.issues.map(\.detail)
            return shown.page(request.fields, made: nil, fault: faults.joined(separator: " · "), speaker)
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

    private func shownFeeds(_ fields: FormFields, _ member: MemberVisit) async throws -> ShownFeeds {
        let speaker = member.speaker
        var resource: Resource?
        if let asked = fields["resource"].flatMap({ ResourceID($0) }) { resource = try await member.api.resource(asked) }
        let feeds = try await member.api.all("/v1/calendar-feeds")
        let names = FeedNames(
            api: member.api, speaker: speaker, own: try member.principal.keyID.description, labels: try await labels(of: feeds, member))
        var rows: [FeedsView.Feed] = []
        for feed in feeds { rows.append(FeedsView.Feed(feed, what: try await names.subject(of: feed), speaker)) }
        var kinds = ["organisation", "person"].map { (value: $0, name: speaker.say(TextKey(rawValue: "page.feedKind.\($0)"))) }
        if let centre = member.principal.workplace {
            kinds.append((value: "centre", name: try await names.centre(centre)))
        }
        if let resource { kinds.insert((value: "resource", name: names.only(resource.name)), at: 0) }
        return ShownFeeds(feeds: rows, kinds: kinds, resource: resource?.id)
    }

    /// Of the keys that made feeds of others' own bookings, by identifier; none where the reader may not see keys.
    private func labels(of feeds: [JSONValue], _ member: MemberVisit) async throws -> [String: String] {
        let own = try member.principal.keyID.description
        let hasOthers = feeds.contains { $0["kind"]?.text == "person" && $0["keyId"]?.text != own }
        guard hasOthers, member.principal.holdsSomewhere(anyOf: [.organisationAdmin, .networkManager]) else { return [:] }
        let keys = try await member.api.all("/v1/organisations/\(member.principal.organisationID)/api-keys")
        return Dictionary(
            keys.map { ($0["id"]?.text ?? "", $0["label"]?.text ?? "") }, uniquingKeysWith: { first, _ in first })
    }
}

/// What the page of feeds shows, as it was read.
private struct ShownFeeds: Sendable {
    var feeds: [FeedsView.Feed]
    let kinds: [(value: String, name: String)]
    let resource: ResourceID?

    func page(_ fields: FormFields, made: FeedsView.Made?, fault: String?, _ speaker: Speaker) -> PageAnswer {
        let chosen = fields["kind"] ?? kinds[0].value
        return .sheet(
            Sheet(
                "feeds", title: speaker.say("page.feeds.title"), status: fault == nil ? .ok : .unprocessableContent, section: "bookings",
                FeedsView(
                    feeds: feeds, kinds: kinds.map { .init(value: $0.value, name: $0.name, isChosen: $0.value == chosen) },
                    languages: ["fr", "en"].map {
                        .init(
                            value: $0, name: speaker.say(TextKey(rawValue: "page.documentLanguage.\($0)")),
                            isChosen: $0 == (fields["language"] ?? speaker.language.rawValue))
                    },
                    resource: resource.map { "\($0)" }, idempotencyKey: UUID().uuidString.lowercased(), made: made, fault: fault)))
    }
}

/// Says what feeds show.
private struct FeedNames {
    let api: PageCalls
    let speaker: Speaker
    /// The key of who reads.
    let own: String
    /// Of other keys, by identifier.
    let labels: [String: String]

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
        if kind == "person", let maker = feed["keyId"]?.text, maker != own {
            return labels[maker].map { speaker.say("page.feeds.ofKey", ["label": .text($0)]) } ?? speaker.say("page.feeds.ofAnother")
        }
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
