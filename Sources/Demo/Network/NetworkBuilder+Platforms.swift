import Kernel

extension NetworkBuilder {
    mutating func addPlatforms() throws {
        var placed: [Int: Int] = [:]
        for fact in facts.platforms {
            guard let centre = network.centres.first(where: { $0.name == fact.centre })?.number else {
                throw DemoError.factUnreadable("platforms: \(fact.centre)")
            }
            let site = try site(for: fact, centre: centre, alreadyPlaced: placed[centre, default: 0])
            placed[centre, default: 0] += 1
            let resource = addResource(
                centre: centre, site: site, name: fact.name, isPlatform: true, isShared: true, capacity: fact.workstations,
                rules: .forPlatform(named: fact.name))
            network.platforms.append(
                PlannedPlatform(
                    resource: resource, description: "Plate-forme technique de \(fact.centre), \(fact.workstations) postes.",
                    equipment: []))
            for item in fact.equipment { addEquipment(item.name, count: item.count, platform: network.platforms.count - 1) }
        }
    }

    /// The site whose town the name mentions; a truck is a site of its own; otherwise the centre's sites in turn.
    private mutating func site(for fact: PublicFacts.Platform, centre: Int, alreadyPlaced: Int) throws -> Int {
        let sites = network.sites.indices.filter { network.sites[$0].centre == centre }
        if fact.name.contains("truck") {
            return try addSite(centre: centre, name: fact.name, kind: "mobile", town: network.sites[sites[0]].town, opening: .saturdays)
        }
        return sites.first { fact.name.contains(network.sites[$0].town) } ?? sites[alreadyPlaced % sites.count]
    }

    mutating func addResource(
        centre: Int, site: Int, name: String, isPlatform: Bool, isShared: Bool, capacity: Int, rules: PlannedRules
    ) -> Int {
        network.resources.append(
            PlannedResource(
                id: makeID(centre: centre), centre: centre, site: site, name: name, isPlatform: isPlatform, isShared: isShared,
                capacity: capacity, rules: rules))
        return network.resources.count - 1
    }
}
