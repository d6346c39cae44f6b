import Kernel

/// A part of a platform: a bay, the workstations of one model, or a workstation with an identity.
struct PlannedPart: Sendable {
    enum Kind: String, Sendable {
        case platform, workstationGroup, workstation
    }

    let id: ResourceID
    let kind: Kind
    let name: String
    let capacity: Int
    /// Index into `platforms` of the one that it stands in.
    let platform: Int
    /// The group of its model; nil: directly in the platform.
    let group: ResourceID?
}

/// A season in which a platform is kept for some audiences; days as month * 100 + day.
struct PlannedSeason: Sendable {
    let platform: Int
    let number: Int
    let name: String
    let audiences: [String]
    let from: Int
    let to: Int
    let releaseDays: Int
}

extension NetworkBuilder {
    /// Illustrative: a hall with two bays, benches of two models, a yard that is kept for workers in winter.
    mutating func addParts() {
        if let hall = platform(named: "Welding hall") {
            addPart(of: hall, .platform, "TIG bay", capacity: 6)
            addPart(of: hall, .platform, "MIG/MAG bay", capacity: 6)
        }
        if let workshop = platform(named: "CNC workshop") {
            for (model, count) in [("Arcovia L-3 lathe (fictif)", 3), ("Arcovia M-5 mill (fictif)", 2)] {
                let group = addPart(of: workshop, .workstationGroup, model, capacity: count)
                for number in 1...count { addPart(of: workshop, .workstation, "\(model) no. \(number)", capacity: 1, group: group) }
            }
        }
        if let yard = platform(named: "Road works yard") {
            network.seasons = [
                PlannedSeason(platform: yard, number: 1, name: "Hiver", audiences: ["worker"], from: 1201, to: 331, releaseDays: 14),
                PlannedSeason(platform: yard, number: 2, name: "Saison", audiences: ["jobSeeker"], from: 401, to: 1130, releaseDays: 14),
            ]
        }
    }

    private func platform(named name: String) -> Int? {
        network.platforms.firstIndex { network.resources[$0.resource].name == name }
    }

    @discardableResult
    private mutating func addPart(
        of platform: Int, _ kind: PlannedPart.Kind, _ name: String, capacity: Int, group: ResourceID? = nil
    ) -> ResourceID {
        let id: ResourceID = makeID(centre: network.resources[network.platforms[platform].resource].centre)
        network.parts.append(PlannedPart(id: id, kind: kind, name: name, capacity: capacity, platform: platform, group: group))
        return id
    }
}
