import HTTPEdge

/// The columns of a table of assets.
enum AssetColumn: String, TableColumn {
    /// Which asset is meant.
    case inventoryNumber
    case name, category, manufacturer, model, site, platform, mobility, visibility, serial, condition, state, expectedAt, loanedUntil
    case isAdvancedTechnology, advancedTechnologyReason, acquiredOn, renewalExpectedOn, owner
    case operatedBy = "operator"
    case purchasePriceCents, setupMinutes, cleanupMinutes, minimumMinutes, maximumMinutes, gridMinutes, noticeMinutes, horizonDays

    var isRequired: Bool {
        switch self {
        case .inventoryNumber, .name, .category, .manufacturer, .model, .site, .mobility, .visibility: true
        default: false
        }
    }

    /// The cells that a fault found in this one rests on: where one of them cannot be read, nothing is known of it.
    func grounds(of code: String) -> Set<AssetColumn> {
        switch code {
        case "keyTwice", "serialTaken": [self, .inventoryNumber, .manufacturer, .model]
        case "categoryDiffers": [self, .manufacturer, .model]
        case "modelStays": [self, .inventoryNumber, .manufacturer, .model]
        case "platformMissing": [self, .mobility]
        case "platformElsewhere": [self, .site, .mobility]
        case "renewalBeforePurchase": [self, .acquiredOn]
        case "reasonWithoutMark": [self, .isAdvancedTechnology]
        case "stateStays", "faultyFromTheStart", "expectedWhileHere", "loanEndMissing", "loanEndOfOwn":
            [self, .inventoryNumber, .state, .expectedAt, .loanedUntil]
        case "assetBooked", "ownHours", "withinDurability": [self, .inventoryNumber]
        case "durationsCrossed", "noDurationOnGrid": [self, .inventoryNumber, .minimumMinutes, .maximumMinutes, .gridMinutes]
        default: [self]
        }
    }
}
