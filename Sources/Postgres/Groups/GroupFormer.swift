import DequeModule

/// Decides which waiting writes go under the next Sync; pure.
///
/// A group is what has gathered when a connection becomes free, so that nobody waits for others to come.
struct GroupFormer {
    /// The next unit to send.
    enum Batch {
        /// Together, with the locks to take first.
        case group([PendingWrite], locks: [PostgresLock])
        /// On its own, with its locks when they are known.
        case alone(PendingWrite)
    }

    let limit: Int
    private var groupable: Deque<PendingWrite> = []
    private var alone: Deque<PendingWrite> = []
    private var isAlonesTurn = true

    init(limit: Int) { self.limit = limit }

    var count: Int { groupable.count + alone.count }

    var isEmpty: Bool { groupable.isEmpty && alone.isEmpty }

    /// When the one that has waited longest gives up.
    var firstDeadline: ContinuousClock.Instant? {
        [groupable.first?.deadline, alone.first?.deadline].compactMap(\.self).min()
    }

    /// A write that arrives.
    mutating func add(_ write: PendingWrite) {
        if write.locks == nil { alone.append(write) } else { groupable.append(write) }
    }

    /// A write whose group or earlier try failed: it goes alone, and first.
    mutating func redo(_ write: PendingWrite) { alone.append(write) }

    /// Removes those that waited too long, or that nobody waits for.
    mutating func removeAll(where isOver: (PendingWrite) -> Bool) {
        groupable.removeAll(where: isOver)
        alone.removeAll(where: isOver)
    }

    /// What to send now; the two kinds take turns.
    mutating func next() -> Batch? {
        defer { isAlonesTurn.toggle() }
        if let write = isAlonesTurn || groupable.isEmpty ? alone.popFirst() : nil { return .alone(write) }
        guard !groupable.isEmpty else { return alone.popFirst().map(Batch.alone) }
        let taken = Array(groupable.prefix(limit))
        groupable.removeFirst(taken.count)
        let locks = PostgresLock.union(taken.lazy.flatMap { $0.locks ?? [] })
        return .group(Self.sorted(taken), locks: locks)
    }

    /// By first lock, then as they came: those after the same thing stand together, in the order of their asking.
    private static func sorted(_ writes: [PendingWrite]) -> [PendingWrite] {
        writes.enumerated()
            .map { (order: $0.offset, key: $0.element.locks?.first?.key ?? .min, write: $0.element) }
            .sorted { ($0.key, $0.order) < ($1.key, $1.order) }
            .map(\.write)
    }
}
