import DequeModule

/// What the server still owes on one connection, in order.
///
/// Pure: results go in by kind, their meaning comes out.
///
/// Sources: libpq, "Pipeline Mode"; a Sync that fails (a deferred constraint, a serialization failure at commit) reports an error
/// first and then still its PIPELINE_SYNC.
struct PipelineLedger {
    private enum Entry {
        case preparation(String)
        case endOfPreparation
        case call(Int)
        case endOfUnit
    }

    /// The meaning of a result.
    enum Event: Equatable {
        case prepared(String)
        case preparationFailed(String)
        case preparationEnded
        /// A call of the oldest unit answered; its position in the unit.
        case answered(Int)
        case failed(Int)
        case skipped(Int)
        /// Every call answered, yet the unit did not commit.
        case commitFailed
        case unitEnded
        case outOfStep
    }

    private var entries: Deque<Entry> = []
    private(set) var unitsInFlight = 0

    var isEmpty: Bool { entries.isEmpty }

    mutating func expectPreparation(of name: String) {
        entries.append(.preparation(name))
        entries.append(.endOfPreparation)
    }

    mutating func expectUnit(calls: Int) {
        for call in 0..<calls { entries.append(.call(call)) }
        entries.append(.endOfUnit)
        unitsInFlight += 1
    }

    mutating func receive(_ kind: ResultKind) -> Event {
        guard let entry = entries.first else { return .outOfStep }
        let event = Self.meaning(of: kind, for: entry)
        // An error in the place of a Sync does not take that place.
        if event != .commitFailed && event != .outOfStep { entries.removeFirst() }
        if event == .unitEnded { unitsInFlight -= 1 }
        return event
    }

    private static func meaning(of kind: ResultKind, for entry: Entry) -> Event {
        switch (entry, kind) {
        case (.preparation(let name), .done): .prepared(name)
        case (.preparation(let name), .error): .preparationFailed(name)
        case (.endOfPreparation, .sync): .preparationEnded
        case (.call(let call), .rows), (.call(let call), .done): .answered(call)
        case (.call(let call), .error): .failed(call)
        case (.call(let call), .aborted): .skipped(call)
        case (.endOfUnit, .error): .commitFailed
        case (.endOfUnit, .sync): .unitEnded
        default: .outOfStep
        }
    }
}
