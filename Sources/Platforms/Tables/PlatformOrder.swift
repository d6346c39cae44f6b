/// The lines of a table of platforms as they can be entered: what another stands in comes first, else as in the table.
struct PlatformOrder {
    private(set) var lines: [PlatformLine] = []
    /// Those that stand in each other, and what stands in them: none of these can come first.
    private(set) var circular: [PlatformLine] = []

    init(_ given: [PlatformLine]) {
        var called: [String: [Int]] = [:]
        for (index, line) in given.enumerated() {
            called[Self.name(line.name, at: line.site), default: []].append(index)
            if let platform = line.platform { called["\(platform)", default: []].append(index) }
        }
        var inside: [Int: [Int]] = [:]
        var waits = [Int](repeating: 0, count: given.count)
        for (index, line) in given.enumerated() {
            guard let parent = line.parent else { continue }
            for other in called[parent] ?? called[Self.name(parent, at: line.site)] ?? [] where other != index {
                inside[other, default: []].append(index)
                waits[index] += 1
            }
        }
        var ready = given.indices.filter { waits[$0] == 0 }
        var next = 0
        while next < ready.count {
            let index = ready[next]
            next += 1
            lines.append(given[index])
            for part in inside[index] ?? [] {
                waits[part] -= 1
                if waits[part] == 0 { ready.append(part) }
            }
        }
        circular = given.indices.filter { waits[$0] > 0 }.map { given[$0] }
    }

    private static func name(_ name: String, at site: String) -> String { "\(site)\u{0}\(name)" }
}
