import Kernel

/// Everything of the demo network but its bookings, before it is written.
///
/// Parts refer to each other by index. `centres[0]` is the network itself, so the index of a centre is its number.
struct PlannedNetwork: Sendable {
    var centres: [PlannedCentre] = []
    var sites: [PlannedSite] = []
    /// Platforms and equipment.
    var resources: [PlannedResource] = []
    var platforms: [PlannedPlatform] = []
    /// What stands in platforms; groups before their workstations.
    var parts: [PlannedPart] = []
    var seasons: [PlannedSeason] = []
    var models: [PlannedModel] = []
    var assets: [PlannedAsset] = []
    var upkeep: [PlannedUpkeep] = []
    var faults: [PlannedFault] = []
    /// The organisation of centre n stands at index n; those that are no centre follow.
    var organisations: [PlannedOrganisation] = []
    var keys: [PlannedKey] = []
    /// With centres, and asked for; the memberships that were granted stand with their organisations.
    var agreements: [PlannedAgreement] = []
    var offers: [PlannedOffer] = []
    var funding: [PlannedFundingLine] = []
    var stocks: [PlannedStock] = []
    var kits: [PlannedKit] = []

    /// When everything but decisions and bookings was recorded.
    let founded: Instant
    let zone: Zone
}

extension PlannedNetwork {
    /// The numbers of centres, by their names.
    func numbers(of names: [String]) -> [Int16] {
        names.compactMap { name in centres.first { $0.name == name }.map { Int16($0.number) } }
    }
}

struct PlannedCentre: Sendable {
    let number: Int
    let id: CentreID
    let name: String
    let formerName: (name: String, until: LocalDay)?
    let carrier: String?
    let label: LabelStory

    var isNetwork: Bool { number == 0 }
}

struct PlannedSite: Sendable {
    let id: SiteID
    let centre: Int
    let name: String
    /// `fixed` or `mobile`.
    let kind: String
    let town: String
    let latitude: Double
    let longitude: Double
    let opening: WeeklyHours
}

/// What can be booked.
struct PlannedResource: Sendable {
    let id: ResourceID
    let centre: Int
    let site: Int
    let name: String
    let isPlatform: Bool
    let isShared: Bool
    let capacity: Int
    let rules: PlannedRules
}

struct PlannedPlatform: Sendable {
    let resource: Int
    let description: String
    /// Indices into `resources` of the equipment that stands there or belongs to it.
    var equipment: [Int]
}

struct PlannedModel: Sendable {
    let id: Identifier<PlannedModel>
    let category: String
    let manufacturer: String
    let name: String
}

struct PlannedAsset: Sendable {
    let resource: Int
    let model: Int
    /// Nil for equipment that moves.
    let platform: Int?
    let inventoryNumber: String
    let serial: String
    let isAdvancedTechnology: Bool
    let acquiredOn: LocalDay
    let renewalExpectedOn: LocalDay
}

struct PlannedOrganisation: Sendable {
    /// As the schema spells it.
    enum Kind: String, Sendable {
        case trainingOrganisation, company, school, centre, network
    }

    let id: OrganisationID
    let kind: Kind
    let name: String
    let enterpriseNumber: String
    let establishmentNumber: String?
    let centre: Int?
    /// First and last day; no last day: for good.
    ///
    /// Centres need none.
    let membership: PlannedMembership?
    /// How often it books, compared with others of its kind.
    let weight: Int
    /// Index of the key that it books with.
    let key: Int
}

struct PlannedMembership: Sendable {
    let id: Identifier<PlannedMembership>
    let from: LocalDay
    let to: LocalDay?

    func covers(_ day: LocalDay) -> Bool {
        from <= day && day <= to ?? day
    }
}

struct PlannedKey: Sendable {
    let id: KeyID
    let organisation: Int
    let label: String
    /// Roles with the number of the centre where they are held.
    let roles: [(role: Role, centre: Int?)]
}

/// What an organisation has agreed with a centre, or asks for; with centre 0 a membership of the network.
struct PlannedAgreement: Sendable {
    let id: AgreementID
    let centre: Int
    /// An index into `organisations`.
    let organisation: Int
    let from: LocalDay
    let to: LocalDay?
    var audiences: [String]?
    /// An index into `resources`; nil for whatever the centre shares.
    var platform: Int?
    var allowsProduction = false
    var tariff: String?
    var allowanceHours: Int?
    /// Nobody has decided yet.
    var isRequested = false
    let requestedAt: Instant
}
