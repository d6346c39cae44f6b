import Kernel

extension NetworkBuilder {
    mutating func addOrganisations() {
        addCentreOrganisations()
        let shared = numbers.enterprise()
        for entry in FictionalOrganisations.entries {
            let number = entry.sharesNumber ? shared : numbers.enterprise()
            addOrganisation(
                entry.kind, name: entry.name, number: number, unit: entry.sharesNumber ? numbers.establishment() : nil,
                membership: membership(entry.membership), weight: entry.weight)
        }
    }

    /// Centres of one carrier bear its number; associations have one each.
    private mutating func addCentreOrganisations() {
        addOrganisation(.network, name: network.centres[0].name, number: numbers.enterprise(), centre: 0, weight: 0)
        let carriers = ["forem": numbers.enterprise(), "ifapme": numbers.enterprise()]
        for centre in network.centres.dropFirst() {
            let number = carriers[centre.carrier ?? ""] ?? numbers.enterprise()
            addOrganisation(.centre, name: centre.name, number: number, centre: centre.number, weight: 1)
        }
    }

    private mutating func addOrganisation(
        _ kind: PlannedOrganisation.Kind, name: String, number: String, unit: String? = nil, centre: Int? = nil,
        membership: PlannedMembership? = nil, weight: Int
    ) {
        network.organisations.append(
            PlannedOrganisation(
                id: makeID(centre: 0), kind: kind, name: name, enterpriseNumber: number, establishmentNumber: unit, centre: centre,
                membership: membership, weight: weight, key: network.organisations.count))
    }

    private mutating func membership(_ term: FictionalOrganisations.Term) -> PlannedMembership {
        let to: LocalDay? =
            switch term {
            case .unlimited: nil
            case .expired: today.adding(days: -45)
            case .endsSoon: today.adding(days: 20)
            }
        return PlannedMembership(id: makeID(centre: 0), from: StoryDay.founding, to: to)
    }

    /// One key an organisation, at the organisation's index; then those of the network's two label authorities.
    mutating func addKeys() {
        for (index, organisation) in network.organisations.enumerated() {
            let roles: [(role: Role, centre: Int?)]
            switch organisation.kind {
            case .network: roles = [(.networkManager, nil), (.booker, nil)]
            case .centre: roles = [(.centreManager, organisation.centre), (.booker, nil), (.organisationAdmin, nil)]
            default: roles = [(.member, nil), (.booker, nil), (.organisationAdmin, nil)]
            }
            addKey(organisation: index, label: "Demo: \(organisation.kind.rawValue)", roles: roles)
        }
        for label in ["Demo: label authority, proposes", "Demo: label authority, approves"] {
            addKey(organisation: 0, label: label, roles: [(.labelAuthority, nil)])
        }
    }

    private mutating func addKey(organisation: Int, label: String, roles: [(role: Role, centre: Int?)]) {
        network.keys.append(PlannedKey(id: makeID(centre: 0), organisation: organisation, label: label, roles: roles))
    }
}

extension PlannedNetwork {
    /// Keys of the two people who record label decisions: one proposes, the other approves.
    var labelAuthorities: (proposes: PlannedKey, approves: PlannedKey) {
        (keys[organisations.count], keys[organisations.count + 1])
    }
}
