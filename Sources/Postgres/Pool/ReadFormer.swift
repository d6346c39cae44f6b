import DequeModule

/// Decides which waiting reads travel under one Sync; pure.
///
/// Quick statements that wait together share one, which spares the server a transaction and a packet for each. A statement that is
/// new, slow or has failed goes alone until it has been quick a few times, so that nobody waits behind it. A failed group says nothing
/// about its members: each is asked again, alone.
struct ReadFormer {
    private struct Waiting {
        let request: PostgresRequest
        /// When to give up; a further try has as much patience as the first.
        let deadline: ContinuousClock.Instant
    }

    /// Answered alone within this time counts as quick.
    static let quick: Duration = .milliseconds(2)
    /// A group that took longer makes its members prove themselves again.
    static let slowGroup: Duration = .milliseconds(10)
    private static let proofsNeeded = 3

    private let limit: Int
    private var waiting: Deque<Waiting> = []
    private var again: Deque<Waiting> = []
    /// How often each statement was quick in a row.
    private var proofs: [String: Int] = [:]

    init(limit: Int) { self.limit = limit }

    var count: Int { waiting.count + again.count }

    var isEmpty: Bool { waiting.isEmpty && again.isEmpty }

    /// When the one that has waited longest gives up.
    var firstDeadline: ContinuousClock.Instant? {
        guard let next = again.first?.deadline else { return waiting.first?.deadline }
        return waiting.first.map { min($0.deadline, next) } ?? next
    }

    mutating func add(_ request: PostgresRequest) { waiting.append(Waiting(request: request, deadline: request.deadline)) }

    /// A request that did nothing and not for a fault of its own: it goes alone, and first.
    mutating func redo(_ request: PostgresRequest, until deadline: ContinuousClock.Instant) {
        again.append(Waiting(request: request, deadline: deadline))
    }

    /// What to send under the next Sync; empty when nothing waits.
    ///
    /// - Parameter connections: how many could take something now, so that each gets its share.
    mutating func next(sharedBy connections: Int) -> [PostgresRequest] {
        if let first = again.popFirst() { return [first.request] }
        guard let first = waiting.popFirst()?.request else { return [] }
        guard isQuick(first) else { return [first] }
        let share = min(limit, (waiting.count + connections) / max(connections, 1))
        var taken = [first]
        while taken.count < share, let next = waiting.first?.request, isQuick(next) {
            waiting.removeFirst()
            taken.append(next)
        }
        return taken
    }

    /// The first that is none of these statements, to be sent alone.
    mutating func next(except statements: Set<String>) -> PostgresRequest? {
        if let place = again.firstIndex(where: { !statements.contains($0.request.call.statement.name) }) {
            return again.remove(at: place).request
        }
        guard let place = waiting.firstIndex(where: { !statements.contains($0.request.call.statement.name) }) else { return nil }
        return waiting.remove(at: place).request
    }

    /// Whether another statement than these waits.
    func hasOther(than statements: Set<String>) -> Bool {
        waiting.contains { !statements.contains($0.request.call.statement.name) }
            || again.contains { !statements.contains($0.request.call.statement.name) }
    }

    private func isQuick(_ request: PostgresRequest) -> Bool {
        request.opening.isEmpty && proofs[request.call.statement.name] == Self.proofsNeeded
    }

    /// Learns from an answer.
    mutating func learn(_ requests: [PostgresRequest], took service: Duration, hasFailed: Bool) {
        if requests.count > 1 {
            guard hasFailed || service > Self.slowGroup else { return }
            for request in requests { proofs[request.call.statement.name] = 0 }
        } else if let name = requests.first?.call.statement.name {
            let known = proofs[name] ?? 0
            let isQuick = !hasFailed && service <= Self.quick
            if known != Self.proofsNeeded || !isQuick { proofs[name] = isQuick ? known + 1 : 0 }
        }
    }

    /// Removes those that waited too long, or that nobody waits for.
    mutating func removeOverdue(at now: ContinuousClock.Instant, _ giveUp: (PostgresRequest) -> Void) {
        while let first = waiting.first, first.deadline <= now { giveUp(waiting.removeFirst().request) }
        while let first = again.first, first.deadline <= now { giveUp(again.removeFirst().request) }
    }

    mutating func removeAll() -> [PostgresRequest] {
        defer { (waiting, again) = ([], []) }
        return (Array(waiting) + Array(again)).map(\.request)
    }
}

/// Reads that wait for the same connections.
final class ReadQueue {
    var former: ReadFormer

    init(limit: Int) { former = ReadFormer(limit: limit) }
}
