import Access
import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Inventory
import Kernel

/// A count as a list shows it.
struct StocktakeRow: Sendable {
    let stocktakeHref: String
    let what: String
    let counts: String
    let state: String
    let tone: String

    init(_ stocktake: JSONValue, sites: [String: String], zone: Zone, _ speaker: Speaker) {
        let isOpen = stocktake["state"]?.text == "open"
        stocktakeHref = "/stocktakes/\(stocktake["id"]?.text ?? "")"
        let place = stocktake["siteId"]?.text.flatMap { sites[$0] } ?? speaker.say("page.stocktake.wholeCentre")
        what = [place, stocktake["openedAt"]?.instant.map { speaker.moment($0, zone) }].compactMap(\.self).joined(separator: ", ")
        var arguments: [String: TextArgument] = [:]
        for name in ["expected", "seen", "missing", "misplaced", "retired"] { arguments[name] = .number(stocktake[name]?.integer ?? 0) }
        counts = speaker.say("page.stocktake.counts", arguments)
        state = speaker.say(isOpen ? "page.stocktake.open" : "page.stocktake.closed")
        tone = isOpen ? "fair" : "good"
    }
}

struct StocktakeView: Sendable {
    struct Line: Sendable {
        let name: String
        let href: String
        let number: String
        let result: String
        let tone: String
        let place: String
    }

    /// What came to one result, a part at a time.
    struct Section: Sendable {
        let title: String
        let lines: [Line]
        let firstHref: String?
        let nextHref: String?
    }

    let row: StocktakeRow
    let backHref: String
    let action: String
    let isOpen: Bool
    let places: [SearchView.Option]
    let sections: [Section]
    let stocks: [StockCountRow]
    /// Those that differ, which closing may correct.
    let corrections: [StockCountRow]
    let mayClose: Bool
    /// Why it was not closed or noted.
    let faults: [String]
    let takings: [StockInUseView.Taking]
    let key: String
}

/// A stock in a count.
struct StockCountRow: Sendable {
    let stockId: String
    let name: String
    let href: String
    let expected: String
    let counted: String
    /// Nil: not counted yet.
    let difference: String?
    let tone: String
    /// What stands in its form.
    let typed: String
    let isChosen: Bool

    init(_ stock: JSONValue, chosen: Set<String>, isClosed: Bool, _ speaker: Speaker) {
        let out = stock["out"]?.integer ?? 0
        let differs = stock["difference"]?.integer ?? 0
        stockId = stock["stockId"]?.text ?? ""
        name = stock["name"]?.text ?? ""
        href = "/stocks/\(stockId)"
        expected = speaker.say(
            out == 0 ? "page.stocktake.itemsExpected" : "page.stocktake.itemsExpectedOf",
            ["expected": .number(stock["expected"]?.integer ?? 0), "amount": .number(stock["amount"]?.integer ?? 0), "out": .number(out)])
        counted = stock["counted"]?.integer.map(String.init) ?? speaker.say("page.stocktake.notCounted")
        difference =
            stock["counted"] == nil
            ? nil : differs == 0 ? speaker.say("page.stocktake.agrees") : differs > 0 ? "+\(differs)" : "−\(-differs)"
        tone = stock["counted"] == nil ? "quiet" : differs == 0 ? "good" : stock["changeNumber"] == nil ? "bad" : "fair"
        typed = stock["counted"]?.integer.map(String.init) ?? ""
        isChosen = chosen.contains(stockId)
        state = isClosed && stock["changeNumber"] != nil ? speaker.say("page.stocktake.corrected") : nil
    }

    /// That it was corrected.
    let state: String?
}

/// Where assets of a centre stand, as people call it: a site, and a platform there.
struct StocktakePlaces: Sendable {
    let sites: [String: String]
    let platforms: [String: (name: String, site: String)]

    init(sites: [String: String], platforms: [Resource]) {
        self.sites = sites
        let named = platforms.map { ("\($0.id)", (name: $0.name, site: $0.details["siteId"]?.text ?? "")) }
        self.platforms = Dictionary(named, uniquingKeysWith: { first, _ in first })
    }

    func name(site: String?, platform: String?) -> String? {
        guard let name = site.flatMap({ sites[$0] }) else { return nil }
        return platform.flatMap { platforms[$0] }.map { "\($0.name), \(name)" } ?? name
    }

    /// The sites, each with its platforms behind it.
    func options(chosen: String?) -> [SearchView.Option] {
        let standing = Dictionary(grouping: platforms, by: \.value.site)
        return sites.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.flatMap { site, name in
            [SearchView.Option(value: "site:\(site)", name: name, isChosen: chosen == "site:\(site)")]
                + (standing[site] ?? []).sorted { ($0.value.name, $0.key) < ($1.value.name, $1.key) }.map { platform, called in
                    SearchView.Option(
                        value: "platform:\(platform)", name: "\(name) › \(called.name)", isChosen: chosen == "platform:\(platform)")
                }
        }
    }

    /// A choice as the contract's `Sighting` says it.
    static func members(of choice: String?) -> [String: JSONValue] {
        let parts = (choice ?? "").split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return [:] }
        return switch parts[0] {
        case "site": ["siteId": .string(parts[1])]
        case "platform": ["platformId": .string(parts[1])]
        default: [:]
        }
    }
}

extension Pages {
    /// So many lines of a result at a time.
    private static let linesAtATime = "100"

    /// A count: what was read is entered here, one after the other; what is missing or stands elsewhere is listed.
    func stocktake(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await stocktake(try request.path("stocktakeId"), request, refused: nil, member)
    }

    private func stocktake(
        _ id: StocktakeID, _ request: MemberRequest, refused: Refusal?, _ member: MemberVisit
    ) async throws -> PageAnswer {
        let speaker = member.speaker
        // As of any object of another centre: it looks missing.
        guard member.principal.holds(.instructor, .centreStaff, .centreManager, .networkAuditor, at: id.centreColumn) else {
            throw Problem.notFound
        }
        let stocktake = try await member.api.get("/v1/stocktakes/\(id)")
        let centre = stocktake["centreId"]?.text ?? ""
        let zone = try await member.api.get("/v1/centres/\(centre)")["zone"]?.text.flatMap { Zone($0) }
        guard let zone, let centreID = CentreID(centre) else { throw Problem.notFound }
        async let platforms = member.api.platforms(of: centreID)
        let places = StocktakePlaces(sites: try await member.api.siteNames(of: centre), platforms: try await platforms)
        let site = stocktake["siteId"]?.text
        let isOpen = stocktake["state"]?.text == "open"
        let chosen = Set(request.fields.all("correct"))
        let stocks = try await member.api.all("/v1/stocktakes/\(id)/stocks")
        func rows(_ stocks: [JSONValue]) -> [StockCountRow] {
            stocks.map { StockCountRow($0, chosen: chosen, isClosed: !isOpen, speaker) }
        }
        return .sheet(
            Sheet(
                "stocktake", title: speaker.say("page.stocktake.title"), status: refused?.status ?? .ok, section: "inventory",
                subject: try await nameOfRead(request.fields["read"], member),
                StocktakeView(
                    row: StocktakeRow(stocktake, sites: places.sites, zone: zone, speaker), backHref: "/centres/\(centre)/inventory",
                    action: "/stocktakes/\(id)",
                    isOpen: isOpen
                        && member.principal.holds(.instructor, .centreStaff, .centreManager, at: id.centreColumn),
                    places: places.options(chosen: request.fields["place"] ?? site.map { "site:\($0)" }),
                    sections: try await sections(of: id, request, places, member), stocks: rows(stocks),
                    corrections: rows(stocks.filter { $0["difference"]?.integer ?? 0 != 0 }),
                    mayClose: member.principal.holds(.centreStaff, .centreManager, at: id.centreColumn),
                    faults: refused.map { [$0.inWords(speaker)] } ?? [],
                    takings: (refused?.bookings ?? []).compactMap { .init($0, in: zone, speaker) }, key: UUID().uuidString.lowercased())))
    }

    /// What was read last, as people call it; nil for what nobody reads here.
    private func nameOfRead(_ text: String?, _ member: MemberVisit) async throws -> String? {
        guard let id = text.flatMap({ ResourceID($0) }) else { return nil }
        do {
            let asset = try await member.api.get("/v1/equipment/\(id)")
            let number = asset["inventoryNumber"]?.text.map { " (\($0))" } ?? ""
            return asset["name"]?.text.map { $0 + number }
        } catch let refusal as Refusal where refusal.status == .notFound {
            return nil
        }
    }

    private func sections(
        of id: StocktakeID, _ request: MemberRequest, _ places: StocktakePlaces, _ member: MemberVisit
    ) async throws -> [StocktakeView.Section] {
        var sections: [StocktakeView.Section] = []
        for result in ["misplaced", "missing", "retired"] {
            let cursor = request.fields[result].flatMap { $0.isEmpty ? nil : $0 }
            let page = try await member.api.get(
                "/v1/stocktakes/\(id)/lines", ["result": result, "pageSize": Self.linesAtATime, "cursor": cursor])
            let lines = (page["items"]?.items ?? []).map { StocktakeView.Line($0, places, member.speaker) }
            guard !lines.isEmpty || cursor != nil else { continue }
            sections.append(
                StocktakeView.Section(
                    title: member.speaker.say(TextKey(rawValue: "page.stocktake.\(result)Ones")), lines: lines,
                    firstHref: cursor.map { _ in "/stocktakes/\(id)" },
                    nextHref: page["next"]?.text.map { "/stocktakes/\(id)?\(result)=\(PercentEncoding.encode($0))" }))
        }
        return sections
    }

    func openStocktake(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: CentreID = try request.path("centreId")
        var body: [String: JSONValue] = [:]
        if let site = request.fields["site"], !site.isEmpty { body["siteId"] = .string(site) }
        let opened = try await member.api.post("/v1/centres/\(id)/stocktakes", body, key: request.fields["idempotencyKey"])
        return .seeOther("/stocktakes/\(opened["id"]?.text ?? "")?news=stocktakeOpened")
    }

    /// Noted under no key: twice is as once, and whoever goes back in the browser reads another code on the same page.
    func noteSighting(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: StocktakeID = try request.path("stocktakeId")
        let page = "/stocktakes/\(id)"
        // The place stays for the next one.
        let place = request.fields["place"]
        let back = place.map { "\(page)?place=\(PercentEncoding.encode($0))" } ?? page
        let body = StocktakePlaces.members(of: place).merging(["code": .string(request.fields["code"] ?? "")]) { $1 }
        do {
            let line = try await member.api.post("/v1\(page)/sightings", body)
            let read = (back.contains("?") ? "&" : "?") + "read=\(line["equipmentId"]?.text ?? "")"
            return .seeOther(Self.address(back + read, telling: line["result"]?.text == "seen" ? .assetSeen : .assetMisplaced))
        } catch let refusal as Refusal where refusal.code == "stocktakeClosed" {
            return .seeOther(Self.address(page, telling: .stocktakeClosed))
        } catch let refusal as Refusal where refusal.issues.contains(where: { $0.name == "/code" }) {
            // Whoever counts reads the next one.
            return .seeOther(Self.address(back, telling: .assetUnknown))
        }
    }

    /// As an asset that is seen: counted twice is as once.
    func countStock(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: StocktakeID = try request.path("stocktakeId")
        let body: [String: JSONValue] = [
            "stockId": .string(request.fields["stock"] ?? ""), "counted": Self.number(request.fields["counted"]),
        ]
        do {
            _ = try await member.api.post("/v1/stocktakes/\(id)/counts", body)
            return .seeOther(Self.address("/stocktakes/\(id)", telling: .stockCounted))
        } catch let refusal as Refusal where refusal.isTold {
            return try await stocktake(id, request, refused: refusal, member)
        }
    }

    /// Corrects the stocks that are ticked, and no others; where bookings need what is missing, nothing is closed.
    func closeStocktake(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: StocktakeID = try request.path("stocktakeId")
        let corrected = request.fields.all("correct")
        let body: [String: JSONValue] = corrected.isEmpty ? [:] : ["corrections": .array(corrected.map { .string($0) })]
        do {
            _ = try await member.api.post("/v1/stocktakes/\(id)/closure", body, key: request.fields["idempotencyKey"])
            return .seeOther("/stocktakes/\(id)?news=stocktakeClosed")
        } catch let refusal as Refusal where refusal.isTold {
            return try await stocktake(id, request, refused: refusal, member)
        }
    }
}

extension PageCalls {
    /// The names of a centre's sites by their ids.
    func siteNames(of centre: String) async throws -> [String: String] {
        let sites = try await all("/v1/centres/\(centre)/sites")
        return Dictionary(sites.map { ($0["id"]?.text ?? "", $0["name"]?.text ?? "") }, uniquingKeysWith: { first, _ in first })
    }
}

extension StocktakeView.Line {
    fileprivate init(_ line: JSONValue, _ places: StocktakePlaces, _ speaker: Speaker) {
        let code = line["result"]?.text ?? "missing"
        name = line["name"]?.text ?? ""
        href = "/equipment/\(line["equipmentId"]?.text ?? "")"
        number = line["inventoryNumber"]?.text ?? ""
        result = speaker.say(TextKey(rawValue: "page.stocktake.\(code)"))
        tone = code == "missing" ? "bad" : "fair"
        let expected = places.name(site: line["expectedSiteId"]?.text, platform: line["expectedPlatformId"]?.text) ?? ""
        let seen = places.name(site: line["seenSiteId"]?.text, platform: line["seenPlatformId"]?.text)
        place = seen.map { speaker.say("page.stocktake.seenAt", ["seen": .text($0), "expected": .text(expected)]) } ?? expected
    }
}
