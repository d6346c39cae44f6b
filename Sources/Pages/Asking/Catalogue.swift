import HTTPEdge
import HTTPTypes
import Kernel

/// A platform, a machine, a stock or a kit, as pages name it.
struct Resource: Sendable {
    enum Kind: String, Sendable {
        case platform, equipment, stock, kit
    }

    let id: ResourceID
    let kind: Kind
    let name: String
    let description: String?
    let centre: CentreID
    let zone: Zone
    /// Workstations or items; 1 of a machine and of a kit.
    let capacity: Int
    let sectors: [String]
    let supervision: [String]
    let platform: ResourceID?
    /// The platform that a platform is a part of.
    let parent: ResourceID?
    /// Of a machine: its model's id.
    let model: String?
    let rules: JSONValue?
    let details: JSONValue

    /// Nil for an answer that lacks what the contract promises.
    init?(_ json: JSONValue, _ kind: Kind) {
        guard let id = json["id"]?.text.flatMap({ ResourceID($0) }), let name = json["name"]?.text,
            let centre = json["centreId"]?.text.flatMap({ CentreID($0) }), let zone = json["zone"]?.text.flatMap({ Zone($0) })
        else { return nil }
        self.id = id
        self.kind = kind
        self.name = name
        self.centre = centre
        self.zone = zone
        description = json["description"]?.text
        capacity =
            switch kind {
            case .platform: json["workstations"]?.integer ?? 1
            case .stock: json["amount"]?.integer ?? 0
            case .equipment, .kit: 1
            }
        sectors = json["sectors"]?.texts ?? []
        supervision = json["supervision"]?.texts ?? []
        platform = json["platformId"]?.text.flatMap { ResourceID($0) }
        parent = json["parentId"]?.text.flatMap { ResourceID($0) }
        // A stock has a model too, and is booked by its own number.
        model = kind == .equipment ? json["modelId"]?.text : nil
        rules = json["rules"]
        details = json
    }

    /// Its own page.
    var href: String { "/\(kind.path)/\(id)" }
    /// Whether one asks for a number of it.
    var isCounted: Bool { kind == .platform || kind == .stock }

    /// How many, in words.
    func amount(_ count: Int, _ speaker: Speaker) -> String { kind.amount(count, speaker) }
}

extension Resource.Kind {
    /// Where pages about it are.
    var path: String {
        switch self {
        case .platform: "platforms"
        case .equipment: "equipment"
        case .stock: "stocks"
        case .kit: "kits"
        }
    }

    func amount(_ count: Int, _ speaker: Speaker) -> String {
        switch self {
        case .platform: speaker.say("page.workstations", ["count": .number(count)])
        case .stock: speaker.say("page.items", ["count": .number(count)])
        case .equipment: speaker.say("page.oneMachine")
        case .kit: speaker.say("page.oneKit")
        }
    }
}

extension PageCalls {
    func stocks(of centre: CentreID) async throws -> [Resource] {
        try await all("/v1/stocks", ["centreId": centre.description]).compactMap { Resource($0, .stock) }
    }

    func platforms(of centre: CentreID? = nil) async throws -> [Resource] {
        try await all("/v1/platforms", ["centreId": centre?.description])
            // Until its day one that will close is as any other.
            .filter { $0["retiredAt"]?.instant.map { $0 > context.receivedAt } ?? true }.compactMap { Resource($0, .platform) }
    }

    /// A part of a platform that pages know by its platform only: a workstation, or a group of them; else what bears the identifier.
    func part(_ id: ResourceID, of platform: ResourceID?) async throws -> Resource {
        guard let platform, platform != id else { return try await resource(id) }
        let whole = try await self.platform(platform)
        let groups = try await get("/v1/platforms/\(platform)/workstation-groups")["items"]?.items ?? []
        let named = try await all("/v1/platforms/\(platform)/workstations")
        guard let part = (groups + named).first(where: { $0["id"]?.text == "\(id)" }) else { throw Problem.notFound }
        let name = [part["name"]?.text ?? part["model"]?.text, whole.name].compactMap(\.self).joined(separator: " · ")
        var members: [String: JSONValue] = ["id": .string("\(id)"), "name": .string(name), "centreId": .string("\(whole.centre)")]
        members["zone"] = whole.details["zone"]
        return try found(Resource(.object(members), .platform))
    }

    func equipment(of centre: CentreID? = nil) async throws -> [Resource] {
        try await all("/v1/equipment", ["centreId": centre?.description])
            .filter { $0["retiredAt"] == nil }.compactMap { Resource($0, .equipment) }
    }

    /// A platform, a machine, a stock or a kit, whichever bears the identifier.
    func resource(_ id: ResourceID) async throws -> Resource {
        for kind in [Resource.Kind.platform, .equipment, .stock] {
            if let resource = try await resource(id, kind) { return resource }
        }
        return try found(try await resource(id, .kit))
    }

    /// Nil where nothing of the kind bears the identifier.
    private func resource(_ id: ResourceID, _ kind: Resource.Kind) async throws -> Resource? {
        do {
            return Resource(try await get("/v1/\(kind.path)/\(id)"), kind)
        } catch let refusal as Refusal where refusal.status == .notFound {
            return nil
        }
    }

    /// How many machines of a machine's model its centre has, itself included; 1 of anything else.
    func countAlike(_ resource: Resource) async throws -> Int {
        guard let model = resource.model else { return 1 }
        return try await all("/v1/equipment", ["centreId": resource.centre.description, "modelId": model])
            .count { $0["retiredAt"] == nil }
    }

    func stock(_ id: ResourceID) async throws -> Resource {
        try found(try await resource(id, .stock))
    }

    func kit(_ id: ResourceID) async throws -> Resource {
        try found(try await resource(id, .kit))
    }

    func platform(_ id: ResourceID) async throws -> Resource {
        try found(Resource(try await get("/v1/platforms/\(id)"), .platform))
    }

    func machine(_ id: ResourceID) async throws -> Resource {
        try found(Resource(try await get("/v1/equipment/\(id)"), .equipment))
    }

    private func found(_ resource: Resource?) throws(Problem) -> Resource {
        guard let resource else { throw .notFound }
        return resource
    }
}
