import Kernel

/// Identical items of a centre, counted and not numbered.
struct PlannedStock: Sendable {
    struct Change: Sendable {
        let cause: String
        let change: Int
        let at: Instant
    }

    let id: ResourceID
    let centre: Int
    let site: Int
    let name: String
    let isConsumable: Bool
    let minimum: Int?
    /// In order; what was there at first is one.
    let changes: [Change]

    /// How many there are now.
    var amount: Int { changes.map(\.change).reduce(0, +) }
}

/// Things of a centre that are booked as one line.
struct PlannedKit: Sendable {
    enum Thing: Sendable {
        case resource(ResourceID)
        /// An index into `models`.
        case model(Int)
    }

    let id: KitID
    let centre: Int
    let name: String
    let members: [(thing: Thing, amount: Int)]
}

extension NetworkBuilder {
    mutating func addStocks() throws {
        for fact in facts.stocks {
            let home = try resource(of: fact.centre, named: fact.platform)
            let changes = fact.changes.enumerated().map { index, change in
                PlannedStock.Change(
                    cause: change.cause, change: change.change,
                    at: index == 0 ? network.founded : moment(today.adding(days: -40 * (fact.changes.count - index)), minute: 600))
            }
            network.stocks.append(
                PlannedStock(
                    id: makeID(centre: home.centre), centre: home.centre, site: home.site, name: fact.name,
                    isConsumable: fact.isConsumable, minimum: fact.minimum, changes: changes))
        }
    }

    /// After stocks and equipment, which they are made of.
    mutating func addKits() throws {
        for fact in facts.kits {
            guard let centre = network.centres.firstIndex(where: { $0.name == fact.centre }) else {
                throw DemoError.factUnreadable("kits: \(fact.centre)")
            }
            let members = try fact.members.map { (thing: try thing($0, of: fact.centre), amount: $0.amount) }
            network.kits.append(PlannedKit(id: makeID(centre: centre), centre: centre, name: fact.name, members: members))
        }
    }

    private func thing(_ member: PublicFacts.KitMember, of centre: String) throws -> PlannedKit.Thing {
        switch member.kind {
        case .platform: return .resource(try resource(of: centre, named: member.name).id)
        case .stock:
            guard let stock = network.stocks.first(where: { $0.name == member.name && network.centres[$0.centre].name == centre }) else {
                throw DemoError.factUnreadable("kits: \(member.name)")
            }
            return .resource(stock.id)
        case .any:
            let unit = try resource(of: centre, named: "\(member.name) 1").id
            guard let asset = network.assets.first(where: { network.resources[$0.resource].id == unit }) else {
                throw DemoError.factUnreadable("kits: \(member.name)")
            }
            return .model(asset.model)
        }
    }

    private func resource(of centre: String, named name: String) throws -> PlannedResource {
        guard let found = network.resources.first(where: { $0.name == name && network.centres[$0.centre].name == centre }) else {
            throw DemoError.factUnreadable("\(centre): \(name)")
        }
        return found
    }
}
