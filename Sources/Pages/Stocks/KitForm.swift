import Access
import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

struct KitFormView: Sendable {
    struct Row: Sendable {
        let number: Int
        let amount: String
        let isWhole: Bool
        let things: [SearchView.Option]
    }

    let action: String
    let backHref: String
    let back: String
    let button: String
    let eTag: String?
    let idempotencyKey: String
    let name: String?
    let description: String?
    let from: String?
    let to: String?
    let rows: [Row]
    let faults: [String]
}

/// What a manager typed of a kit.
struct TypedKit: Sendable {
    /// Rows of an empty form.
    static let rows = 10
    /// Members of a kit.
    static let most = 50

    var name: String?
    var description: String?
    var from: String?
    var to: String?
    /// `resource:` or `model:` and its id, in order; empty rows left out.
    var members: [(thing: String, amount: String, isWhole: Bool)]

    init(_ fields: FormFields) {
        name = fields["name"]
        description = fields["description"]
        from = fields["from"]
        to = fields["to"]
        // As many rows as the form had, filled in or not.
        let sent = (1...Self.most).prefix { !fields.all("thing.\($0)").isEmpty }
        members = sent.compactMap { number -> (thing: String, amount: String, isWhole: Bool)? in
            guard let thing = fields["thing.\(number)"], !thing.isEmpty else { return nil }
            return (thing, fields["amount.\(number)"] ?? "1", fields["whole.\(number)"] != nil)
        }
    }

    /// As it stands.
    init(_ kit: JSONValue) {
        self.init(FormFields(query: nil))
        name = kit["name"]?.text
        description = kit["description"]?.text
        from = kit["from"]?.text
        to = kit["to"]?.text
        members = (kit["members"]?.items ?? []).map { member -> (thing: String, amount: String, isWhole: Bool) in
            return (Self.thing(of: member), member["amount"]?.integer.map(String.init) ?? "1", member["exclusive"] != nil)
        }
    }

    /// A member of a kit as an option has it.
    static func thing(of member: JSONValue) -> String {
        member["modelId"]?.text.map { "model:\($0)" } ?? "resource:\(member["resourceId"]?.text ?? "")"
    }

    /// The body of the contract's `createKit`.
    var body: [String: JSONValue] {
        let things = members.map { member -> JSONValue in
            let parts = member.thing.split(separator: ":", maxSplits: 1).map(String.init)
            var thing: [String: JSONValue] = [parts.first == "model" ? "modelId" : "resourceId": .string(parts.last ?? "")]
            if member.isWhole { thing["exclusive"] = .boolean(true) } else { thing["amount"] = Pages.number(member.amount) }
            return .object(thing)
        }
        var body: [String: JSONValue] = ["members": .array(things)]
        for (field, text) in [("name", name), ("description", description), ("from", from), ("to", to)] {
            if let text, !text.isEmpty { body[field] = .string(text) }
        }
        return body
    }
}

extension Pages {
    func newKitForm(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let centre: CentreID = try request.path("centreId")
        var typed = TypedKit(request.fields)
        typed.from = typed.from ?? member.now.dayOfNetwork.description
        return .sheet(try await kitForm(typed, of: centre, changing: nil, refusal: nil, member))
    }

    func makeKit(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let centre: CentreID = try request.path("centreId")
        let typed = TypedKit(request.fields)
        do {
            let made = try await member.api.post("/v1/centres/\(centre)/kits", typed.body, key: request.fields["idempotencyKey"])
            return .seeOther(Self.address("/kits/\(made["id"]?.text ?? "")", telling: .kitMade))
        } catch let refusal as Refusal where refusal.isTold {
            return .sheet(try await kitForm(typed, of: centre, changing: nil, refusal: refusal, member))
        }
    }

    func kitChangeForm(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: ResourceID = try request.path("resourceId")
        let answer = try await member.api.answer(InnerCall(.get, "/v1/kits/\(id)"))
        let kit = JSONValue.object(answer.body)
        guard let centre = kit["centreId"]?.text.flatMap({ CentreID($0) }) else { throw Problem.notFound }
        return .sheet(try await kitForm(TypedKit(kit), of: centre, changing: (kit, answer.eTag ?? ""), refusal: nil, member))
    }

    /// Changes the version that was shown.
    func changeKit(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: ResourceID = try request.path("resourceId")
        let typed = TypedKit(request.fields)
        let tag = request.fields["eTag"] ?? ""
        do {
            _ = try await member.api.answer(InnerCall(.put, "/v1/kits/\(id)", body: typed.body, ifMatch: tag))
            return .seeOther(Self.address("/kits/\(id)", telling: .kitChanged))
        } catch let refusal as Refusal where refusal.isTold {
            let kit = try await member.api.kit(id)
            return .sheet(try await kitForm(typed, of: kit.centre, changing: (kit.details, tag), refusal: refusal, member))
        }
    }

    private func kitForm(
        _ typed: TypedKit, of id: CentreID, changing change: (kit: JSONValue, tag: String)?, refusal: Refusal?, _ member: MemberVisit
    ) async throws -> Sheet {
        let speaker = member.speaker
        _ = try await staffedCentre(id, member)
        let things = try await kitThings(of: id, keeping: change?.kit["members"]?.items ?? [], member)
        let address = change.map { "/kits/\($0.kit["id"]?.text ?? "")" }
        let rows = (1...min(TypedKit.most, max(TypedKit.rows, typed.members.count + 2))).map { number -> KitFormView.Row in
            let row = number <= typed.members.count ? typed.members[number - 1] : nil
            return KitFormView.Row(
                number: number, amount: row?.amount ?? "1", isWhole: row?.isWhole ?? false,
                things: things.map { .init(value: $0.value, name: $0.name, isChosen: $0.value == row?.thing) })
        }
        return Sheet(
            "kitForm", title: speaker.say(change == nil ? "page.kitForm.new" : "page.kitForm.change"),
            status: refusal?.status ?? .ok, section: "inventory",
            KitFormView(
                action: address.map { "\($0)/change" } ?? "/centres/\(id)/kits",
                backHref: address ?? "/centres/\(id)/inventory", back: speaker.say("page.inventory.title"),
                button: speaker.say(change == nil ? "page.kitForm.make" : "page.kitForm.save"), eTag: change?.tag,
                idempotencyKey: UUID().uuidString.lowercased(), name: typed.name, description: typed.description, from: typed.from,
                to: typed.to, rows: rows,
                faults: refusal?.faults ?? []))
    }

    /// What a kit may consist of: the centre's platforms, stocks and machines, any of a model that it has, and what else it consists of.
    private func kitThings(
        of id: CentreID, keeping members: [JSONValue], _ member: MemberVisit
    ) async throws -> [(value: String, name: String)] {
        async let platforms = member.api.platforms(of: id)
        async let stocks = member.api.stocks(of: id)
        let machines = try await member.api.equipment(of: id)
        let (rooms, items) = (try await platforms, try await stocks)
        var models: [String: String] = [:]
        for machine in machines {
            guard let model = machine.details["modelId"]?.text else { continue }
            let name = [machine.details["manufacturer"]?.text, machine.details["model"]?.text].compactMap(\.self).joined(separator: " ")
            models["model:\(model)"] = member.speaker.say("page.kitForm.any", ["model": .text(name)])
        }
        let named = (rooms + items + machines).map { (value: "resource:\($0.id)", name: $0.name) }
        let ofModels = models.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map { (value: $0.key, name: $0.value) }
        let offered = Set((named + ofModels).map(\.value))
        let others = members.map { kept -> (value: String, name: String) in
            let name = kept["name"]?.text ?? ""
            let isModel = kept["modelId"] != nil
            return (TypedKit.thing(of: kept), isModel ? member.speaker.say("page.kitForm.any", ["model": .text(name)]) : name)
        }
        return named + ofModels + others.filter { !offered.contains($0.value) }
    }
}
