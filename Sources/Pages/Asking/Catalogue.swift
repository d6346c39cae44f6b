import HTTPEdge
import HTTPTypes
import Kernel

/// A platform or a machine, as pages name it.
struct Resource: Sendable {
    enum Kind: String, Sendable {
        case platform, equipment
    }

    let id: ResourceID
    let kind: Kind
    let name: String
    let description: String?
    let centre: CentreID
    let zone: Zone
    /// Workstations; 1 of a machine.
    let capacity: Int
    let sectors: [String]
    let supervision: [String]
    let platform: ResourceID?
    /// The platform that a platform is a part of.
    let parent: ResourceID?
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
        capacity = kind == .platform ? json["workstations"]?.integer ?? 1 : 1
        sectors = json["sectors"]?.texts ?? []
        supervision = json["supervision"]?.texts ?? []
        platform = json["platformId"]?.text.flatMap { ResourceID($0) }
        parent = json["parentId"]?.text.flatMap { ResourceID($0) }
        rules = json["rules"]
        details = json
    }

    /// Its own page.
    var href: String { "/\(kind == .platform ? "platforms" : "equipment")/\(id)" }
}

extension PageCalls {
    func platforms(of centre: CentreID? = nil) async throws -> [Resource] {
        try await all("/v1/platforms", ["centreId": centre?.description])
            .filter { $0["retiredAt"] == nil }.compactMap { Resource($0, .platform) }
    }

    func equipment(of centre: CentreID? = nil) async throws -> [Resource] {
        try await all("/v1/equipment", ["centreId": centre?.description])
            .filter { $0["retiredAt"] == nil }.compactMap { Resource($0, .equipment) }
    }

    /// A platform or a machine, whichever bears the identifier.
    func resource(_ id: ResourceID) async throws -> Resource {
        do {
            return try found(Resource(try await get("/v1/platforms/\(id)"), .platform))
        } catch let refusal as Refusal where refusal.status == .notFound {
            return try found(Resource(try await get("/v1/equipment/\(id)"), .equipment))
        }
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
