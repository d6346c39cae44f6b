import Kernel

/// Plans the network from the public facts; the same seed and day give the same plan.
struct NetworkBuilder {
    let facts: PublicFacts
    let today: LocalDay
    var random: SplitMix64
    var network: PlannedNetwork
    var numbers = SyntheticNumbers()

    init(facts: PublicFacts, today: LocalDay, zone: Zone, seed: UInt64) {
        self.facts = facts
        self.today = today
        random = SplitMix64(seed: seed)
        network = PlannedNetwork(founded: zone.instant(of: StoryDay.founding, minute: 540), zone: zone)
    }

    mutating func build() throws -> PlannedNetwork {
        addCentres()
        try addSites()
        addOrganisations()
        addKeys()
        try addPlatforms()
        addNetworkEquipment()
        addAgreements()
        addParts()
        addMaintenance()
        try addOffers()
        addFunding()
        try addStocks()
        try addKits()
        return network
    }

    mutating func makeID<Entity>(centre: Int, at instant: Instant? = nil) -> Identifier<Entity> {
        Identifier.make(centre: UInt16(centre), at: instant ?? network.founded, random: &random)
    }

    /// A moment of a day, told by the minute.
    func moment(_ day: LocalDay, minute: Int) -> Instant {
        network.zone.instant(of: day, minute: minute)
    }
}

extension Zone {
    func instant(of day: LocalDay, minute: Int) -> Instant {
        instant(of: day, LocalTime(secondsSinceMidnight: minute * 60) ?? .endOfDay)
    }
}
