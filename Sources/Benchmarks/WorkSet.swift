/// Works that are measured together, each on the network that it is about.
package enum WorkSet: String, CaseIterable, Sendable {
    /// Reading a platform and its week, and booking it.
    case booking
    /// What else is asked of bookings: a seat with a machine, one hot platform, a series, many resources at once, find any.
    case engine
    /// Finding something in a network of 100,000 resources.
    case search
    /// A centre's year, and what counting it adds to a booking.
    case utilisation
    /// When pages begin to come, beside a file that lies ready.
    case pages
    /// Refusing rules of recurrence that are made to take long.
    case rules

    /// Whether load generators ask; else one connection of this program does.
    var needsGenerators: Bool {
        switch self {
        case .booking, .engine, .search, .utilisation: true
        case .pages, .rules: false
        }
    }

    var shape: NetworkShape {
        switch self {
        case .booking, .rules: NetworkShape()
        case .engine: NetworkShape(assetsPerCentre: 100)
        case .search: NetworkShape(assetsPerCentre: 9_750, booksEquipment: true)
        // As many resources and days whatever the size: only bookings become more.
        case .utilisation:
            NetworkShape(platformsPerCentre: 50, window: 1_500, layers: 16, stride: 617, isCounted: true, roles: NetworkShape.readers)
        case .pages: NetworkShape(platformsPerCentre: 50, assetsPerCentre: 100, isCounted: true, roles: NetworkShape.readers)
        }
    }
}

/// How a synthetic network is made up.
struct NetworkShape: Sendable {
    static let readers = NetworkShape.bookers + ["networkAuditor"]
    private static let bookers = ["member", "booker"]

    /// Nil: more bookings are more platforms.
    var platformsPerCentre: Int32?
    /// Movable assets in each centre.
    var assetsPerCentre: Int32 = 0
    /// Whether equipment is booked by itself; else beside every tenth booking of a platform.
    var booksEquipment = false
    /// The days that are booked first, the last of them the 50th from today on; then those before them.
    var window: Int32 = SyntheticNetwork.bookedDays
    /// Bookings a day of each resource, before there are some in earlier days.
    var layers: Int32 = 2
    /// Days between one booking of a resource and its next; has no divisor with the window.
    var stride: Int32 = 1
    /// Whether the totals hold what is booked.
    var isCounted = false
    /// Of the key that the load generators present.
    var roles = NetworkShape.bookers
}
