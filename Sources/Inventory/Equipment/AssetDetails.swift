package import HTTPEdge
package import Kernel

/// What an asset has beside its name, place and rules of use; a change gives some of it.
package struct AssetDetails: RequestObject {
    package var serial: String?
    package var platform: ResourceID?
    package var advancedTechnologyReason: String?
    package var acquiredOn: LocalDay?
    package var renewalExpectedOn: LocalDay?
    package var owner: String?
    package var operatedBy: String?
    /// In euro cents.
    package var priceCents: Int64?

    /// The members that a change may take away.
    package enum Member: String, CaseIterable, RequestValue {
        case serial, platformId, advancedTechnologyReason, acquiredOn, renewalExpectedOn, owner
        case operatedBy = "operator"
        case purchasePriceCents
    }

    package init(reading fields: inout FieldReader) {
        serial = fields.optional("serial", maximum: 100)
        platform = fields.optional("platformId")
        advancedTechnologyReason = fields.optional("advancedTechnologyReason", maximum: 500)
        acquiredOn = fields.optional("acquiredOn")
        renewalExpectedOn = fields.optional("renewalExpectedOn")
        owner = fields.optional("owner", maximum: 200)
        operatedBy = fields.optional("operator", maximum: 200)
        priceCents = fields.optional("purchasePriceCents", in: 0...100_000_000_000)
    }

    init(_ asset: SQL.FindAsset.Row) {
        serial = asset.serial
        platform = asset.platformId
        advancedTechnologyReason = asset.advancedTechnologyReason
        acquiredOn = asset.acquiredOn
        renewalExpectedOn = asset.renewalExpectedOn
        owner = asset.owner
        operatedBy = asset.operatedBy
        priceCents = asset.priceCents
    }

    /// Takes over what `change` has a value for, then drops what it removes.
    func changed(by change: AssetDetails, removing removed: [Member]) -> AssetDetails {
        var details = self
        details.serial = change.serial ?? serial
        details.platform = change.platform ?? platform
        details.advancedTechnologyReason = change.advancedTechnologyReason ?? advancedTechnologyReason
        details.acquiredOn = change.acquiredOn ?? acquiredOn
        details.renewalExpectedOn = change.renewalExpectedOn ?? renewalExpectedOn
        details.owner = change.owner ?? owner
        details.operatedBy = change.operatedBy ?? operatedBy
        details.priceCents = change.priceCents ?? priceCents
        for member in removed { details.remove(member) }
        return details
    }

    private mutating func remove(_ member: Member) {
        switch member {
        case .serial: serial = nil
        case .platformId: platform = nil
        case .advancedTechnologyReason: advancedTechnologyReason = nil
        case .acquiredOn: acquiredOn = nil
        case .renewalExpectedOn: renewalExpectedOn = nil
        case .owner: owner = nil
        case .operatedBy: operatedBy = nil
        case .purchasePriceCents: priceCents = nil
        }
    }
}
