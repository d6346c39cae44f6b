import Access
import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

struct InventoryView: Sendable {
    struct Group: Sendable {
        let name: String
        let groupHref: String?
        /// Of a platform, of which a fault can be reported.
        let groupId: String?
        /// That it closes for good.
        let closing: String?
        let assets: [Asset]
    }

    struct Asset: Sendable {
        let name: String
        let href: String
        let number: String
        let model: String
        let state: String
        let tone: String
        let condition: String
        let renewal: String
        let isPastRenewal: Bool
        let resourceId: String
    }

    let centre: String
    let centreHref: String
    let summary: String
    let mayAct: Bool
    let mayEnterTables: Bool
    let faults: [FaultRow]
    let outages: [OutageRow]
    let plans: [PlanRow]
    let stocktakes: [StocktakeRow]
    let sites: [SearchView.Option]
    let groups: [Group]
    let stocks: [StockRow]
    let newStock: NewStockForm
    /// Why a form about a stock was refused.
    let stockFaults: [String]
    let kits: [KitRow]
    /// Where a kit is made, by who keeps stocks and kits.
    let newKitHref: String?
    let today: String
    let key: String
}

extension Pages {
    /// So far ahead is what falls due shown.
    private static let daysAhead = 60

    /// What a centre has and how it is: open faults, outages, what falls due, and every asset where it stands.
    func inventory(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        try await inventory(of: try request.path("centreId"), refused: nil, member)
    }

    /// The same, with a form about a stock that was refused.
    func inventory(of id: CentreID, refused: RefusedStock?, _ member: MemberVisit) async throws -> PageAnswer {
        let speaker = member.speaker
        let centre = try await staffedCentre(id, member)
        let today = member.now.dayOfNetwork
        async let faults = member.api.all("/v1/centres/\(id)/faults", ["open": "true"])
        async let outages = member.api.all("/v1/centres/\(id)/outages")
        async let plans = member.api.all(
            "/v1/centres/\(id)/maintenance-plans", ["dueBy": today.adding(days: Self.daysAhead).description])
        async let platforms = member.api.platforms(of: id)
        async let counts = member.api.get("/v1/centres/\(id)/stocktakes", ["pageSize": "5"])
        let sites = try await member.api.siteNames(of: "\(id)")
        let zone = centre["zone"]?.text.flatMap { Zone($0) }
        let stocktakes = try await counts["items"]?.items.compactMap { count in
            zone.map { StocktakeRow(count, sites: sites, zone: $0, speaker) }
        }
        async let stocks = member.api.stocks(of: id)
        async let kits = member.api.all("/v1/kits", ["centreId": "\(id)"])
        let machines = try await member.api.equipment(of: id)
        let (items, sets) = (try await stocks, try await kits)
        let (open, stopped, due) = (try await faults, try await outages, try await plans)
        let groups = InventoryView.Group.all(try await platforms, machines, today: today, now: member.now, speaker)
        return .sheet(
            Sheet(
                "inventory", title: speaker.say("page.inventory.title"), status: refused?.refusal.status ?? .ok, section: "inventory",
                InventoryView(
                    centre: centre["name"]?.text ?? "", centreHref: "/centres/\(id)",
                    summary: speaker.say(
                        "page.inventory.summary",
                        [
                            "assets": .number(machines.count), "faults": .number(open.count), "outages": .number(stopped.count),
                            "due": .number(due.count),
                        ]),
                    mayAct: member.principal.holds(.centreStaff, .centreManager, at: id.centreColumn),
                    mayEnterTables: member.principal.holds(.centreManager, .networkManager, at: id.centreColumn),
                    faults: open.map { FaultRow($0, speaker) }, outages: stopped.map { OutageRow($0, now: member.now, speaker) },
                    plans: due.map { PlanRow($0, speaker) }, stocktakes: stocktakes ?? [],
                    sites: sites.sorted { $0.value < $1.value }.map { SearchView.Option(value: $0.key, name: $0.value, isChosen: false) },
                    groups: groups, stocks: items.sorted { $0.name < $1.name }.map { StockRow($0, refused, speaker) },
                    newStock: NewStockForm(at: sites, refused), stockFaults: refused?.refusal.faults ?? [],
                    kits: sets.map { KitRow($0, speaker) },
                    newKitHref: member.principal.holds(.centreManager, .networkManager, at: id.centreColumn)
                        ? "/centres/\(id)/kits/new" : nil,
                    today: "\(today)", key: UUID().uuidString.lowercased())))
    }
}

extension InventoryView.Group {
    /// Platforms, each with its machines; machines that are fixed to none last.
    fileprivate static func all(
        _ platforms: [Resource], _ machines: [Resource], today: LocalDay, now: Instant, _ speaker: Speaker
    ) -> [InventoryView.Group] {
        let machinesOf = Dictionary(grouping: machines, by: \.platform)
        func assets(_ platform: ResourceID?) -> [InventoryView.Asset] {
            (machinesOf[platform] ?? []).sorted { $0.name < $1.name }.map { InventoryView.Asset($0, today: today, speaker) }
        }
        let standing = platforms.sorted { $0.name < $1.name }.map {
            InventoryView.Group(
                name: $0.name, groupHref: $0.href, groupId: "\($0.id)", closing: $0.closing(at: now, speaker), assets: assets($0.id))
        }
        let loose = InventoryView.Group(
            name: speaker.say("page.centre.otherMachines"), groupHref: nil, groupId: nil, closing: nil, assets: assets(nil))
        return standing + [loose].filter { !$0.assets.isEmpty }
    }
}

extension InventoryView.Asset {
    fileprivate init(_ machine: Resource, today: LocalDay, _ speaker: Speaker) {
        let details = machine.details
        let code = details["state"]?.text ?? "inService"
        let expected = details["renewalExpectedOn"]?.day
        name = machine.name
        href = machine.href
        resourceId = "\(machine.id)"
        number = details["inventoryNumber"]?.text ?? ""
        model = [details["manufacturer"]?.text, details["model"]?.text].compactMap(\.self).joined(separator: " ")
        let back = details["expectedAt"]?.instant.map { speaker.say("page.inventory.backOn", ["moment": .instant($0, in: machine.zone)]) }
        state = [speaker.say(TextKey(rawValue: "page.assetState.\(code)")), back].compactMap(\.self).joined(separator: ", ")
        tone =
            switch code {
            case "inService", "loanedIn": "good"
            case "faulty": "bad"
            default: "fair"
            }
        condition = details["condition"]?.text.map { speaker.say(TextKey(rawValue: "page.condition.\($0)")) } ?? ""
        renewal = expected.map(speaker.day) ?? ""
        isPastRenewal = expected.map { $0 < today } ?? false
    }
}
