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
}
