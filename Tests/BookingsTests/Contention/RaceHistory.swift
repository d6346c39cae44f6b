import Kernel

/// What the clients of a race were told.
struct RaceHistory: Sendable {
    /// An acknowledged booking.
    struct Acknowledged: Sendable {
        let id: String
        let lines: [Line]
        var isCancelled = false
    }

    struct Line: Sendable, Hashable {
        let resource: String
        let start: Int64
        let end: Int64
        let seats: Int
    }

    var acknowledged: [String: Acknowledged] = [:]
    var attempts = 0
    var refusals = 0
    /// Answers that are neither an acknowledgement nor a refusal, by status.
    var unexpected: [Int: Int] = [:]

    mutating func merge(_ other: RaceHistory) {
        acknowledged.merge(other.acknowledged) { first, second in first.isCancelled ? first : second }
        attempts += other.attempts
        refusals += other.refusals
        unexpected.merge(other.unexpected, uniquingKeysWith: +)
    }

    /// Resources whose acknowledged, uncancelled bookings exceed their capacity at some instant, with the worst excess.
    ///
    /// - Parameter parents: what each resource is a part of; a part's seats count in it too.
    func excesses(capacities: [String: Int], parents: [String: String] = [:]) -> [String: Int] {
        var edges: [String: [(at: Int64, seats: Int)]] = [:]
        for booking in acknowledged.values where !booking.isCancelled {
            for line in booking.lines {
                var place: String? = line.resource
                while let resource = place {
                    edges[resource, default: []] += [(line.start, line.seats), (line.end, -line.seats)]
                    place = parents[resource]
                }
            }
        }
        var excesses: [String: Int] = [:]
        for (resource, moments) in edges {
            var taken = 0
            // At one instant, ends come before starts: periods are half-open.
            for moment in moments.sorted(by: { ($0.at, $0.seats) < ($1.at, $1.seats) }) {
                taken += moment.seats
                let excess = taken - (capacities[resource] ?? 0)
                if excess > 0 { excesses[resource] = max(excess, excesses[resource] ?? 0) }
            }
        }
        return excesses
    }
}
