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
        for name in ["expected", "seen", "missing", "misplaced"] { arguments[name] = .number(stocktake[name]?.integer ?? 0) }
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

    let row: StocktakeRow
    let backHref: String
    let action: String
    let isOpen: Bool
    let lines: [Line]
    let key: String
}

extension Pages {
    /// A count: what was read is entered here, one after the other; what is missing or stands elsewhere is listed.
    func stocktake(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: StocktakeID = try request.path("stocktakeId")
        let speaker = member.speaker
        // As of any object of another centre: it looks missing.
        guard member.principal.holds(.instructor, .centreStaff, .centreManager, .networkAuditor, at: id.centreColumn) else {
            throw Problem.notFound
        }
        let path = "/v1/stocktakes/\(id)"
        let stocktake = try await member.api.get(path)
        let centre = stocktake["centreId"]?.text ?? ""
        let zone = try await member.api.get("/v1/centres/\(centre)")["zone"]?.text.flatMap { Zone($0) }
        guard let zone else { throw Problem.notFound }
        let sites = try await member.api.siteNames(of: centre)
        async let missing = member.api.all("\(path)/lines", ["result": "missing"])
        async let misplaced = member.api.all("\(path)/lines", ["result": "misplaced"])
        let lines = try await misplaced + missing
        return .sheet(
            Sheet(
                "stocktake", title: speaker.say("page.stocktake.title"), section: "inventory",
                StocktakeView(
                    row: StocktakeRow(stocktake, sites: sites, zone: zone, speaker), backHref: "/centres/\(centre)/inventory",
                    action: "/stocktakes/\(id)",
                    isOpen: stocktake["state"]?.text == "open"
                        && member.principal.holds(.instructor, .centreStaff, .centreManager, at: id.centreColumn),
                    lines: lines.map { StocktakeView.Line($0, sites: sites, speaker) }, key: UUID().uuidString.lowercased())))
    }

    func openStocktake(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: CentreID = try request.path("centreId")
        var body: [String: JSONValue] = [:]
        if let site = request.fields["site"], !site.isEmpty { body["siteId"] = .string(site) }
        let opened = try await member.api.post("/v1/centres/\(id)/stocktakes", body, key: request.fields["idempotencyKey"])
        return .seeOther("/stocktakes/\(opened["id"]?.text ?? "")?news=stocktakeOpened")
    }

    func noteSighting(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: StocktakeID = try request.path("stocktakeId")
        let page = "/stocktakes/\(id)"
        do {
            let line = try await member.api.post(
                "/v1\(page)/sightings", ["code": .string(request.fields["code"] ?? "")], key: request.fields["idempotencyKey"])
            return .seeOther(Self.address(page, telling: line["result"]?.text == "seen" ? .assetSeen : .assetMisplaced))
        } catch let refusal as Refusal where refusal.status == .badRequest {
            // Whoever counts reads the next one.
            return .seeOther(Self.address(page, telling: .assetUnknown))
        }
    }

    func closeStocktake(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: StocktakeID = try request.path("stocktakeId")
        _ = try await member.api.post("/v1/stocktakes/\(id)/closure", [:], key: request.fields["idempotencyKey"])
        return .seeOther("/stocktakes/\(id)?news=stocktakeClosed")
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
    fileprivate init(_ line: JSONValue, sites: [String: String], _ speaker: Speaker) {
        let code = line["result"]?.text ?? "missing"
        name = line["name"]?.text ?? ""
        href = "/equipment/\(line["equipmentId"]?.text ?? "")"
        number = line["inventoryNumber"]?.text ?? ""
        result = speaker.say(TextKey(rawValue: "page.stocktake.\(code)"))
        tone = code == "missing" ? "bad" : "fair"
        let expected = line["expectedSiteId"]?.text.flatMap { sites[$0] } ?? ""
        let seen = line["seenSiteId"]?.text.flatMap { sites[$0] }
        place = seen.map { speaker.say("page.stocktake.seenAt", ["seen": .text($0), "expected": .text(expected)]) } ?? expected
    }
}
