import Kernel

/// What somebody wants to book, on one or several occasions.
struct Need: Sendable {
    /// Resources with the seats wanted of each.
    struct Wish: Sendable {
        let resource: Int
        let seats: Int
        let isExclusive: Bool
    }

    var organisation: Int
    var activity: String
    /// Parallel to `headCounts`.
    var audiences: [String]
    var headCounts: [Int]
    var accompanying = 0
    var title: String
    var programme: String?
    /// An index into `offers` of the network.
    var offer: Int?
    var wishes: [Wish]
}

/// A stretch of one local day, in minutes after midnight.
struct Slot: Sendable {
    let day: LocalDay
    let opens: Int
    let closes: Int
}
