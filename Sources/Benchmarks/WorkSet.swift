/// Works that are measured together, each on the network that it is about.
package enum WorkSet: String, CaseIterable, Sendable {
    /// Reading a platform and its week, and booking it.
    case booking
    /// Finding something in a network of 100,000 resources.
    case search

    /// Movable assets in each centre.
    var assetsPerCentre: Int32 {
        switch self {
        case .booking: 0
        case .search: 9_750
        }
    }
}
