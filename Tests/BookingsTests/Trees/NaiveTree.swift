import Kernel

/// What a hall and its parts are, and who is in them, quarter of an hour by quarter of an hour: slow, and plain to see.
struct NaiveTree {
    struct Node {
        let parent: Int?
        let capacity: Int
        let personLimit: Int?
        /// In quarters of an hour.
        let setup: Int
        let cleanup: Int
        let kind: Kind
    }

    enum Kind: String {
        case platform, workstationGroup, workstation
    }

    /// One line of a booking.
    struct Use: Hashable {
        let node: Int
        /// In quarters of an hour; half-open.
        let start: Int
        let end: Int
        /// Nil: the whole of it.
        let seats: Int?
        let persons: Int
    }

    var nodes: [Node] = []
    /// The lines of each booking.
    var uses: [Int: [Use]] = [:]

    /// A random hall: bays in bays, groups of one model with their workstations, and workstations of no model.
    init(random: inout SplitMix64) {
        addPlatform(under: nil, capacity: Int.random(in: 1...12, using: &random), depth: 0, random: &random)
    }

    private mutating func addPlatform(under parent: Int?, capacity: Int, depth: Int, random: inout SplitMix64) {
        let index = nodes.count
        nodes.append(
            Node(
                parent: parent, capacity: capacity, personLimit: Bool.random(using: &random) ? Int.random(in: 1...20, using: &random) : nil,
                setup: Int.random(in: 0...2, using: &random), cleanup: Int.random(in: 0...2, using: &random), kind: .platform))
        if depth < 2 {
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                addPlatform(under: index, capacity: Int.random(in: 1...capacity, using: &random), depth: depth + 1, random: &random)
            }
        }
        if Int.random(in: 0..<3, using: &random) == 0 {
            let count = Int.random(in: 1...4, using: &random)
            let group = nodes.count
            nodes.append(part(of: index, under: index, kind: .workstationGroup, capacity: count))
            for _ in 0..<count { nodes.append(part(of: index, under: group, kind: .workstation, capacity: 1)) }
        }
        if Int.random(in: 0..<4, using: &random) == 0 { nodes.append(part(of: index, under: index, kind: .workstation, capacity: 1)) }
    }

    private func part(of platform: Int, under parent: Int, kind: Kind, capacity: Int) -> Node {
        Node(
            parent: parent, capacity: capacity, personLimit: nil, setup: nodes[platform].setup, cleanup: nodes[platform].cleanup, kind: kind
        )
    }

    func path(of node: Int) -> [Int] {
        var path = [node]
        while let parent = nodes[path[path.count - 1]].parent { path.append(parent) }
        return path
    }

    /// Midnight, in the zone of the hall: quarters of an hour after the midnight in UTC that is before it.
    static let midnight = 88

    /// One line or several, in the evening and the night; everybody comes to each.
    func randomBooking(random: inout SplitMix64) -> [Use] {
        let persons = Int.random(in: 0...6, using: &random)
        return (0..<[1, 1, 2, 3][Int.random(in: 0...3, using: &random)]).map { _ in
            let node = Int.random(in: 0..<nodes.count, using: &random)
            let start = Int.random(in: Self.midnight - 12..<Self.midnight + 8, using: &random)
            let isWhole = Int.random(in: 0..<5, using: &random) == 0
            return Use(
                node: node, start: start, end: start + Int.random(in: 1...10, using: &random),
                seats: isWhole ? nil : Int.random(in: 1...min(4, nodes[node].capacity), using: &random), persons: persons)
        }
    }

    /// Whether nothing stands in the way of a booking: of no line, at any quarter of it, beside the lines before.
    func hasRoom(for booking: [Use]) -> Bool {
        let others = uses.values.flatMap(\.self)
        return booking.indices.allSatisfy { index in
            let (use, node) = (booking[index], nodes[booking[index].node])
            return (use.start - node.setup..<use.end + node.cleanup).allSatisfy {
                hasRoom(for: use, beside: others + booking[..<index], at: $0)
            }
        }
    }

    private func hasRoom(for use: Use, beside others: [Use], at quarter: Int) -> Bool {
        let path = path(of: use.node)
        let others = others.filter { takes($0, at: quarter) }
        // Somebody has the whole of it, or of what it stands in.
        if others.contains(where: { $0.seats == nil && path.contains($0.node) }) { return false }
        // It should be had whole, and somebody is in a part of it.
        if use.seats == nil, others.contains(where: { self.path(of: $0.node).contains(use.node) }) { return false }
        return path.allSatisfy { place in
            let inside = others.filter { self.path(of: $0.node).contains(place) } + [use]
            let seats = inside.reduce(0) { $0 + ($1.seats ?? nodes[$1.node].capacity) }
            let persons = inside.reduce(0) { $0 + $1.persons }
            return seats <= nodes[place].capacity && (use.persons == 0 || persons <= nodes[place].personLimit ?? .max)
        }
    }

    private func takes(_ use: Use, at quarter: Int) -> Bool {
        use.start - nodes[use.node].setup <= quarter && quarter < use.end + nodes[use.node].cleanup
    }
}
