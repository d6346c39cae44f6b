import Kernel

extension NetworkBuilder {
    /// Who paid some machines of two centres: all of it made up, and said to be.
    mutating func addFunding() {
        let fund = "Fonds européen de développement régional (fictif)"
        if let agreement = network.agreements.first(where: { $0.allowanceHours != nil }) {
            for (index, asset) in assets(of: agreement.centre).prefix(3).enumerated() {
                let from = today.adding(days: -700 + 200 * index)
                var europe = line(of: asset, fund, share: 4_000, from: from)
                europe.programme = "FEDER"
                europe.reference = "FICTIF-\(from.year)-\(index + 1)"
                europe.conditions = "Usage économique accessoire ; maintien en service pendant cinq ans (fictif)."
                europe.durableUntil = from.adding(days: 5 * 365)
                europe.limitPercent = index == 2 ? 60 : nil
                var partner = line(of: asset, nil, share: 1_500, from: from)
                partner.organisation = agreement.organisation
                partner.agreement = agreement.id
                partner.isPublic = false
                let region = line(of: asset, "Région (fictif)", share: 3_000, from: from)
                network.funding += [europe, region, partner]
            }
        }
        if let centre = network.centres.first(where: { $0.name == "Technifutur" })?.number, let asset = assets(of: centre).first {
            var sector = line(of: asset, "Fonds sectoriel (fictif)", share: 2_500, from: today.adding(days: -400))
            sector.isPublic = false
            network.funding.append(sector)
        }
    }

    /// Indices into `resources` of the machines that a centre shares.
    private func assets(of centre: Int) -> [Int] {
        network.resources.indices.filter {
            network.resources[$0].centre == centre && !network.resources[$0].isPlatform && network.resources[$0].isShared
        }
    }

    private mutating func line(of asset: Int, _ body: String?, share: Int, from: LocalDay) -> PlannedFundingLine {
        let centre = network.resources[asset].centre
        return PlannedFundingLine(id: makeID(centre: centre), centre: centre, asset: asset, body: body, shareHundredths: share, from: from)
    }
}

/// Who paid a share of a machine.
struct PlannedFundingLine: Sendable {
    let id: FundingLineID
    let centre: Int
    /// An index into `resources`.
    let asset: Int
    let body: String?
    /// An index into `organisations`; nil: another body.
    var organisation: Int?
    var isPublic = true
    let shareHundredths: Int
    var programme: String?
    var reference: String?
    var conditions: String?
    let from: LocalDay
    var durableUntil: LocalDay?
    var agreement: AgreementID?
    var limitPercent: Int?

    init(id: FundingLineID, centre: Int, asset: Int, body: String?, shareHundredths: Int, from: LocalDay) {
        self.id = id
        self.centre = centre
        self.asset = asset
        self.body = body
        self.shareHundredths = shareHundredths
        self.from = from
    }
}
