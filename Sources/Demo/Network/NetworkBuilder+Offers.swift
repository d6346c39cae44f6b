import Kernel

extension NetworkBuilder {
    /// The courses that the facts name, then one that is to come, one that is given no more and one that is for a company alone.
    mutating func addOffers() throws {
        for fact in facts.courses {
            guard let platform = network.resources.firstIndex(where: { $0.isPlatform && $0.name == fact.platform }) else {
                throw DemoError.factUnreadable("courses: \(fact.platform)")
            }
            let centre = network.resources[platform].centre
            guard network.centres[centre].name == fact.centre else { throw DemoError.factUnreadable("courses: \(fact.centre)") }
            let number = network.offers.count { $0.centre == centre } + 1
            network.offers.append(
                PlannedOffer(
                    id: makeID(centre: centre), centre: centre, platform: platform, code: "C-\(number)", title: fact.title,
                    sector: fact.sector, technologies: fact.technologies,
                    audiences: TargetAudiences.of(fact.centre, versions: 1)[0], minutes: fact.hours * 60, participants: fact.participants,
                    from: StoryDay.day(2020, 1, 1)))
        }
        guard let first = network.offers.first(where: { network.centres[$0.centre].name == "TechnoCampus" }) else { return }
        addVariants(of: first)
    }

    private mutating func addVariants(of offer: PlannedOffer) {
        var coming = PlannedOffer(variant: offer, id: makeID(centre: offer.centre), code: "C-90", title: "Jumeau numérique (fictif)")
        coming.technologies = ["digital-twin"]
        coming.from = StoryDay.day(today.year + 1, 1, 1)
        var over = PlannedOffer(
            variant: offer, id: makeID(centre: offer.centre), code: "C-91", title: "Soudage à l'arc, ancien parcours (fictif)")
        over.withdrawnAt = moment(today.adding(days: -200), minute: 600)
        network.offers += [coming, over]
        guard let company = network.organisations.firstIndex(where: { $0.name == "Constructions Exemple SA (fictif)" }) else { return }
        var bespoke = PlannedOffer(
            variant: offer, id: makeID(centre: offer.centre), code: "S-1", title: "Soudage des charpentes de l'entreprise (fictif)")
        bespoke.organisation = company
        bespoke.audiences = ["worker"]
        network.offers.append(bespoke)
    }
}

/// A course of a centre.
struct PlannedOffer: Sendable {
    let id: OfferID
    let centre: Int
    /// An index into `resources`.
    let platform: Int
    let code: String
    let title: String
    let sector: String
    var technologies: [String]
    var audiences: [String]
    let minutes: Int
    let participants: Int
    var from: LocalDay
    /// An index into `organisations`: whom a bespoke one is for; nil: one of the catalogue.
    var organisation: Int?
    var withdrawnAt: Instant?

    /// Whether bookings of any time may name it.
    var isForEverybody: Bool { organisation == nil && withdrawnAt == nil && from == StoryDay.day(2020, 1, 1) }
}

extension PlannedOffer {
    /// Another course of the same platform.
    fileprivate init(variant offer: PlannedOffer, id: OfferID, code: String, title: String) {
        self.init(
            id: id, centre: offer.centre, platform: offer.platform, code: code, title: title, sector: offer.sector,
            technologies: offer.technologies, audiences: offer.audiences, minutes: offer.minutes, participants: offer.participants,
            from: offer.from)
    }
}
