import HTTPEdge

/// Where an asset is in its life; `inventory.usable_when` says in which of them it may be booked, and when.
package enum AssetState: String, CaseIterable, RequestValue, JSONWritable {
    case ordered, inService, loanedIn, faulty, inRepair, retired
}

/// How worn an asset is, as whoever looked at it last says.
package enum AssetCondition: String, CaseIterable, RequestValue, JSONWritable {
    case new, good, worn, poor
}
