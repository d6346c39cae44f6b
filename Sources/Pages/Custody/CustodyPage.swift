import Access
import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel
import Maintenance

struct CustodyView: Sendable {
    /// What is late, or only out.
    struct Group: Sendable {
        let title: String
        let none: String
        let custodies: [CustodyRow]
    }

    let centre: String
    let centreHref: String
    let summary: String
    let mayAct: Bool
    let faults: [String]
    /// Bookings that stand against fewer items of a stock.
    let takings: [StockInUseView.Taking]
    let groups: [Group]
    let away: [AwayRow]
    let machines: [SearchView.Option]
    let stocks: [StockChoice]
    let conditions: [SearchView.Option]
    let takenBy: String?
    let email: String?
    let due: String
    let key: String
    let hasAnything: Bool

    /// A stock of which some are in house.
    struct StockChoice: Sendable {
        let stockId: String
        let label: String
        let most: Int
        let count: String
    }
}

extension Pages {
    /// What is out and what is late, with the forms to take it back and to hand out more; journeys and loans.
    func custody(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await custody(of: try request.path("centreId"), request, refused: nil, member)
    }

    func handOut(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: CentreID = try request.path("centreId")
        let centre = try await staffedCentre(id, member)
        let zone = centre["zone"]?.text.flatMap { Zone($0) }
        let condition = request.fields["condition"] ?? "good"
        var body: [String: JSONValue] = [
            "items": .array(
                request.fields.all("equipment").map { .object(["equipmentId": .string($0), "condition": .string(condition)]) }),
            "stocks": .array(Self.stocksWanted(request.fields)),
        ]
        // The API says of what is empty that something is missing.
        for name in ["items", "stocks"] where body[name]?.items.isEmpty ?? true { body[name] = nil }
        if let email = request.fields["email"] { body["contactEmail"] = .string(email) }
        if let takenBy = request.fields["takenBy"] { body["takenBy"] = .string(takenBy) }
        if let due = request.fields["due"] { body["dueAt"] = .string(zone.flatMap { Stoppage.instant(due, in: $0) } ?? due) }
        do {
            _ = try await member.api.post("/v1/centres/\(id)/custodies", body, key: request.fields["idempotencyKey"])
            return .seeOther("/centres/\(id)/custody?news=handedOut")
        } catch let refusal as Refusal where refusal.isTold {
            return try await custody(of: id, request, refused: refusal, member)
        }
    }

    /// Each number that was filled in.
    private static func stocksWanted(_ fields: FormFields) -> [JSONValue] {
        fields.names.filter { $0.hasPrefix("count-") }.compactMap { name in
            fields[name].flatMap { text in
                text == "0" ? nil : .object(["stockId": .string(String(name.dropFirst(6))), "amount": number(text)])
            }
        }
    }

    func takeBack(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: CustodyID = try request.path("custodyId")
        var item: [String: JSONValue] = [:]
        let names = [("equipment", "equipmentId"), ("stock", "stockId"), ("condition", "condition"), ("note", "note")]
        for (field, name) in names {
            if let value = request.fields[field] { item[name] = .string(value) }
        }
        let isOfStock = item["stockId"] != nil
        if isOfStock { item["amount"] = Self.number(request.fields["count"]) }
        let custody = try await member.api.get("/v1/custodies/\(id)")
        guard let centre = custody["centreId"]?.text.flatMap({ CentreID($0) }) else { throw Problem.notFound }
        do {
            _ = try await member.api.post(
                "/v1/custodies/\(id)/returns", [isOfStock ? "stocks" : "items": .array([.object(item)])],
                key: request.fields["idempotencyKey"], ifMatch: request.fields["eTag"])
            let condition = request.fields["condition"] ?? ""
            let news =
                isOfStock
                ? (condition == "good" ? "takenBack" : "takenBackFewer")
                : ["damaged": "takenBackDamaged", "lost": "takenBackLost"][condition] ?? "takenBack"
            return .seeOther("/centres/\(centre)/custody?news=\(news)")
        } catch let refusal as Refusal where refusal.isTold {
            return try await self.custody(of: centre, request, refused: refusal, member)
        }
    }

    private func custody(
        of id: CentreID, _ request: MemberRequest, refused: Refusal?, _ member: MemberVisit
    ) async throws -> PageAnswer {
        let speaker = member.speaker
        let centre = try await staffedCentre(id, member)
        async let custodies = member.api.all("/v1/custodies", ["centreId": "\(id)", "open": "true"])
        async let journeys = member.api.all("/v1/centres/\(id)/transfers")
        async let loans = member.api.all("/v1/loans", ["centreId": "\(id)"])
        async let stocks = member.api.stocks(of: id)
        let machines = try await member.api.equipment(of: id)
        let open = try await custodies
        let (late, out) = (open.filter { $0["isLate"]?.isTrue ?? false }, open.filter { !($0["isLate"]?.isTrue ?? false) })
        let away = AwayView(custodies: [], journeys: try await journeys, loans: try await loans, speaker)
        let forms = CustodyForms(request.fields, speaker)
        let gone = Set(open.flatMap { $0["items"]?.items ?? [] }.filter { $0["returnedAt"] == nil }.compactMap { $0["equipmentId"]?.text })
        func group(_ code: String, _ custodies: [JSONValue]) -> CustodyView.Group {
            CustodyView.Group(
                title: speaker.say(TextKey(rawValue: "page.custody.\(code)Ones")),
                none: speaker.say(TextKey(rawValue: "page.custody.\(code)None")),
                custodies: custodies.map { custody in CustodyRow(custody, speaker) { forms.back($0, stock: $1, of: custody) } })
        }
        let choices = try await stocks.compactMap(forms.choice).sorted { $0.label < $1.label }
        let zone = centre["zone"]?.text.flatMap { Zone($0) }
        let here = machines.filter { $0.isMobile && !gone.contains("\($0.id)") }.sorted { $0.name < $1.name }
        let items = open.flatMap { $0["stocks"]?.items ?? [] }.reduce(0) { $0 + ($1["out"]?.integer ?? 0) }
        return .sheet(
            Sheet(
                "custody", title: speaker.say("page.custody.title"), status: refused?.status ?? .ok,
                section: "inventory",
                CustodyView(
                    centre: centre["name"]?.text ?? "", centreHref: "/centres/\(id)",
                    summary: speaker.say(
                        "page.custody.summary", ["out": .number(gone.count), "items": .number(items), "late": .number(late.count)]),
                    mayAct: member.principal.holds(.centreStaff, .centreManager, at: id.centreColumn),
                    faults: refused.map { [$0.inWords(speaker)] } ?? [],
                    takings: zone.map { zone in (refused?.bookings ?? []).compactMap { .init($0, in: zone, speaker) } } ?? [],
                    groups: [group("late", late), group("out", out)], away: away.rows,
                    machines: here.map {
                        SearchView.Option(value: "\($0.id)", name: $0.nameWithNumber, isChosen: forms.isChosen($0.id))
                    },
                    stocks: choices, conditions: forms.conditionsOut,
                    takenBy: request.fields["takenBy"], email: request.fields["email"], due: request.fields["due"] ?? "",
                    key: UUID().uuidString.lowercased(), hasAnything: !here.isEmpty || !choices.isEmpty)))
    }
}

extension Resource {
    /// Whether it can be taken away.
    fileprivate var isMobile: Bool { details["mobility"]?.text == "mobile" }

    fileprivate var nameWithNumber: String {
        [name, details["inventoryNumber"]?.text].compactMap(\.self).joined(separator: " · ")
    }
}
