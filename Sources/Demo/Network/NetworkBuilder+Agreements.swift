import Kernel

extension NetworkBuilder {
    /// Two agreements in force, one asked for, and a membership that waits to be renewed.
    mutating func addAgreements() {
        let yearStart = StoryDay.day(today.year, 1, 1)
        let yearEnd = StoryDay.day(today.year + 1, 12, 31)
        if let platform = platform(of: "TechnoCampus"), let company = organisation("Constructions Exemple SA (fictif)") {
            var agreement = agreed(centre: network.resources[platform].centre, organisation: company, from: yearStart, to: yearEnd)
            agreement.platform = platform
            agreement.allowsProduction = true
            agreement.tariff = "95 € de l'heure et par poste, énergie comprise (fictif)"
            agreement.allowanceHours = 2_400
            network.agreements.append(agreement)
        }
        if let platform = platform(of: "Technifutur"), let school = organisation("Collège technique Imaginaire (fictif)") {
            var agreement = agreed(
                centre: network.resources[platform].centre, organisation: school, from: yearStart, to: today.adding(days: 40))
            agreement.audiences = ["student", "teacher"]
            agreement.tariff = "gratuit pour les élèves et leurs professeurs (fictif)"
            network.agreements.append(agreement)
        }
        if let platform = platform(of: "TechnoCampus"), let company = organisation("Garage Démonstration SRL (fictif)") {
            var agreement = agreed(
                centre: network.resources[platform].centre, organisation: company, from: today.adding(days: 14), to: yearEnd,
                askedDaysAgo: 3)
            agreement.isRequested = true
            network.agreements.append(agreement)
        }
        if let former = organisation("Atelier Démonstration ASBL (fictif)") {
            var membership = agreed(centre: 0, organisation: former, from: today, to: yearEnd, askedDaysAgo: 6)
            membership.isRequested = true
            network.agreements.append(membership)
        }
    }

    private mutating func agreed(
        centre: Int, organisation: Int, from: LocalDay, to: LocalDay?, askedDaysAgo: Int? = nil
    ) -> PlannedAgreement {
        PlannedAgreement(
            id: makeID(centre: centre), centre: centre, organisation: organisation, from: from, to: to,
            requestedAt: askedDaysAgo.map { moment(today.adding(days: -$0), minute: 600) } ?? network.founded)
    }

    /// The first platform that a centre shares.
    private func platform(of name: String) -> Int? {
        guard let centre = network.centres.first(where: { $0.name == name })?.number else { return nil }
        return network.resources.firstIndex { $0.centre == centre && $0.isPlatform && $0.isShared }
    }

    private func organisation(_ name: String) -> Int? {
        network.organisations.firstIndex { $0.name == name }
    }
}
