/// Judges a history, whatever order the requests took effect in.
///
/// Between being sent and being answered a request takes effect at a moment that nobody outside sees. So a booking *surely* takes room from
/// its acknowledgement until its cancellation is sent, and *possibly* from when it is first sent until its cancellation is answered. Too
/// much that is surely taken is a fault of the service; a refusal for want of room is one when at no instant of the call what was
/// possibly taken left too little.
struct RaceChecker {
    let capacities: [String: Int]
    /// What each resource is a part of; a part's seats count in it too.
    var parents: [String: String] = [:]

    /// Quarters of an hour, on which bookings begin and end.
    private static let grid: Int64 = 15 * 60 * 1_000_000

    private struct Place: Hashable {
        let resource: String
        let slot: Int64
    }

    private struct Event {
        let at: Duration
        /// At one moment, what ends comes first where that is in favour of the service.
        let rank: Int
        let need: Int
    }

    private func places(of line: RaceHistory.Line) -> [(place: Place, seats: Int)] {
        var found: [(place: Place, seats: Int)] = []
        var resource: String? = line.resource
        while let name = resource {
            for slot in line.start / Self.grid..<line.end / Self.grid { found.append((Place(resource: name, slot: slot), line.seats)) }
            resource = parents[name]
        }
        return found
    }

    /// Resources of which at some moment more was surely taken than there is, with the worst excess.
    func excesses(_ history: RaceHistory) -> [String: Int] {
        var events: [Event] = []
        for (number, need) in history.needs.enumerated() where need.id != nil {
            let ends = need.cancelSent ?? .seconds(1 << 30)
            guard need.answered < ends else { continue }
            events += [Event(at: need.answered, rank: 1, need: number), Event(at: ends, rank: 0, need: number)]
        }
        var taken: [Place: Int] = [:]
        var found: [String: Int] = [:]
        for event in events.sorted(by: { ($0.at, $0.rank) < ($1.at, $1.rank) }) {
            for (place, seats) in history.needs[event.need].lines.flatMap(places) {
                taken[place, default: 0] += event.rank == 1 ? seats : -seats
                let excess = taken[place, default: 0] - capacities[place.resource, default: 0]
                if event.rank == 1, excess > 0 { found[place.resource] = max(excess, found[place.resource, default: 0]) }
            }
        }
        return found
    }

    /// Refusals for want of room that was there throughout, by key; and how many were looked at.
    func unjustified(_ history: RaceHistory) -> (keys: [String], lookedAt: Int) {
        var events: [Event] = []
        for (number, need) in history.needs.enumerated() {
            if need.wantsRoom {
                events += [Event(at: need.sent, rank: 1, need: number), Event(at: need.answered, rank: 2, need: number)]
            } else if need.id != nil || need.outcome == .unknown {
                events += [
                    Event(at: need.sent, rank: 0, need: number), Event(at: need.cancelled ?? .seconds(1 << 30), rank: 3, need: number),
                ]
            }
        }
        var taken: [Place: Int] = [:]
        var open: Set<Int> = []
        var justified: Set<Int> = []
        var faults: [String] = []
        var wholes: [String: Bool] = [:]
        for event in events.sorted(by: { ($0.at, $0.rank) < ($1.at, $1.rank) }) {
            let need = history.needs[event.need]
            switch event.rank {
            case 0, 3:
                for (place, seats) in need.lines.flatMap(places) { taken[place, default: 0] += event.rank == 0 ? seats : -seats }
                for number in open where event.rank == 0 && lacksRoom(history.needs[number], taken) { justified.insert(number) }
            case 1:
                open.insert(event.need)
                if lacksRoom(need, taken) { justified.insert(event.need) }
            default:
                open.remove(event.need)
                let isJustified = justified.contains(event.need)
                if need.isWhole {
                    wholes[need.key] = wholes[need.key, default: false] || isJustified
                } else if !isJustified {
                    faults.append(need.key)
                }
            }
        }
        return (faults + wholes.filter { !$0.value }.keys.sorted(), history.needs.count(where: \.wantsRoom))
    }

    private func lacksRoom(_ need: RaceHistory.Need, _ taken: [Place: Int]) -> Bool {
        need.lines.contains { line in
            places(of: line).contains { place, seats in taken[place, default: 0] + seats > capacities[place.resource, default: 0] }
        }
    }

    /// Keys under which more than one booking was acknowledged.
    func doubled(_ history: RaceHistory) -> [String] {
        Dictionary(grouping: history.acknowledged, by: \.key).filter { Set($0.value.compactMap(\.id)).count > 1 }.keys.sorted()
    }

    /// A booking as the database has it.
    struct Row: Sendable {
        let id: String
        /// The client's key.
        let title: String
        let state: String
        let takesRoom: Bool
    }

    /// What the database does not have as it was acknowledged, what nobody was told of, and keys with two effects.
    func differences(_ history: RaceHistory, from rows: [Row]) -> [String] {
        var found: [String] = []
        var known: [String: Row] = [:]
        for row in rows { known[row.id] = row }
        for need in history.acknowledged {
            let row = need.id.flatMap { known.removeValue(forKey: $0) }
            // A cancellation without an answer leaves both open.
            let isOpen = need.cancelSent != nil && need.cancelled == nil
            let expected = need.cancelled != nil ? ["cancelledByUser"] : need.isHold ? ["held", "confirmed"] : ["confirmed"]
            if row == nil {
                found.append("lost: \(need.key)")
            } else if let row, !isOpen, !expected.contains(row.state) || row.takesRoom == (need.cancelled != nil) {
                found.append("otherwise: \(need.key) is \(row.state), room taken \(row.takesRoom)")
            }
        }
        let open = Set(history.needs.filter { $0.outcome == .unknown }.map(\.key))
        found += known.values.filter { !open.contains($0.title) }.map { "unexplained: \($0.title)" }.sorted()
        for (title, same) in Dictionary(grouping: rows, by: \.title) where same.count > 1 { found.append("twice: \(title)") }
        return found
    }
}
