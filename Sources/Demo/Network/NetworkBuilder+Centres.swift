import Kernel

extension NetworkBuilder {
    /// The network, then the centres in the order of the facts.
    mutating func addCentres() {
        network.centres.append(
            PlannedCentre(
                number: 0, id: makeID(centre: 0), name: "Réseau des centres de compétence", formerName: nil, carrier: nil,
                label: LabelStory()))
        for (index, fact) in facts.centres.enumerated() {
            network.centres.append(
                PlannedCentre(
                    number: index + 1, id: makeID(centre: index + 1), name: fact.name, formerName: fact.formerName,
                    carrier: fact.carrier, label: labelStory(of: fact, number: index + 1)))
        }
    }

    mutating func addSites() throws {
        try addSite(centre: 0, name: "Matériel du réseau", kind: "fixed", town: "Charleroi", opening: .weekdays)
        for (index, fact) in facts.centres.enumerated() {
            for (place, town) in fact.towns.enumerated() {
                let opening = WeeklyHours.usual(at: place, of: fact)
                try addSite(centre: index + 1, name: "\(fact.name) – \(town)", kind: "fixed", town: town, opening: opening)
            }
        }
    }

    @discardableResult
    mutating func addSite(centre: Int, name: String, kind: String, town: String, opening: WeeklyHours) throws -> Int {
        guard let place = facts.places[town] else { throw DemoError.factUnreadable("towns: \(town)") }
        network.sites.append(
            PlannedSite(
                id: makeID(centre: centre), centre: centre, name: name, kind: kind, town: town, latitude: place.latitude,
                longitude: place.longitude, opening: opening))
        return network.sites.count - 1
    }
}
