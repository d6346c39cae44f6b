/// The label of the one centre, by day: each decision in the order in which it was taken.
struct NaiveLabel {
    struct Decision {
        enum Kind {
            case suspend, lift, withdraw, grant
        }

        let kind: Kind
        let from: Int
        /// The last day of a suspension.
        let to: Int?
    }

    /// What is known of a day.
    struct Fact: Hashable {
        let status: String
        /// Its place among the decisions, 0 for the label that was there before.
        let decision: Int
        let ends: Int?
    }

    /// Days that anybody asks about.
    static let days = 0..<21

    private(set) var decisions: [Decision] = []

    /// Of terms and withdrawals the last one holds a day; a suspension lasts until its last day or a lift.
    func fact(on day: Int) -> Fact {
        let terms = decisions.indices.filter { [.withdraw, .grant].contains(decisions[$0].kind) && decisions[$0].from <= day }
        let suspensions = decisions.indices.filter { number in
            let decision = decisions[number]
            return decision.from <= day && (decision.kind == .lift || decision.kind == .suspend && decision.to ?? .max >= day)
        }
        if let held = terms.last, decisions[held].kind == .withdraw {
            // Until a term that is granted later begins.
            let next = decisions.indices.filter { $0 > held && decisions[$0].kind == .grant }.map { decisions[$0].from }.min()
            return Fact(status: "withdrawn", decision: held + 1, ends: next.map { max($0, decisions[held].from) - 1 })
        }
        if let last = suspensions.last, decisions[last].kind == .suspend {
            return Fact(status: "suspended", decision: last + 1, ends: nil)
        }
        return Fact(status: "labelled", decision: terms.last.map { $0 + 1 } ?? 0, ends: nil)
    }

    /// What stands against use on these days: that of the first day on which something does.
    func objection(on days: ClosedRange<Int>) -> String? {
        days.lazy.map { fact(on: $0).status }.first { $0 != "labelled" }
    }

    /// - Returns: the days of which something else is known since.
    mutating func record(_ decision: Decision) -> Set<Int> {
        let before = Self.days.map { fact(on: $0) }
        decisions.append(decision)
        return Set(Self.days.filter { before[$0] != fact(on: $0) })
    }

    func isSuspended(from day: Int) -> Bool { Self.days.contains { $0 >= day && fact(on: $0).status == "suspended" } }
}

extension NaiveEngine {
    mutating func decide(_ decision: NaiveLabel.Decision) -> String {
        if decision.kind == .lift, !label.isSuspended(from: decision.from) { return "nothingToLift" }
        let changed = label.record(decision)
        // Whoever booked first comes first.
        for index in entries.indices where entries[index].days.contains(where: changed.contains) { takeEffect(on: index) }
        return "recorded"
    }

    private mutating func takeEffect(on index: Int) {
        let entry = entries[index]
        guard entry.isLive && entry.state != "inUse" || entry.state == "suspended", state(of: entry) != "expired" else { return }
        switch label.objection(on: entry.days) {
        case "suspended":
            if entry.state != "suspended", !isPast(entry.starts) { suspend(index) }
        case "withdrawn":
            // What begins within the notice takes place.
            if entry.starts > now + Self.slotsOfNotice, entry.atRiskUntil == nil {
                entries[index].flags.insert("atRisk")
                entries[index].atRiskUntil = now + Self.slotsOfNotice
            }
        default:
            if entry.state == "suspended" {
                if !isPast(entry.starts) { restoreOrDisplace(index) }
            } else if entry.state == "conditional" || entry.flags.contains("atRisk") {
                if entry.state == "conditional" { entries[index].state = "confirmed" }
                calm(index)
            }
        }
    }

    mutating func suspend(_ index: Int) {
        entries[index].former = entries[index].state
        entries[index].state = "suspended"
    }

    /// It comes back as what it was, if there is room.
    mutating func restore(_ index: Int) -> Bool {
        guard hasRoom(entries[index]), !isOut(entries[index]) else { return false }
        let former = entries[index].former
        entries[index].state = ["requested", "held"].contains(former) ? former : "confirmed"
        return true
    }

    private mutating func restoreOrDisplace(_ index: Int) {
        if restore(index) {
            calm(index)
        } else if !entries[index].flags.contains("displaced") {
            entries[index].flags.insert("displaced")
            entries[index].atRiskUntil = nil
        }
    }

    private mutating func calm(_ index: Int) {
        entries[index].flags = []
        entries[index].atRiskUntil = nil
    }

    /// The notice is over: what the label still denies leaves, what has begun stays.
    mutating func releaseDue() {
        for index in entries.indices where entries[index].atRiskUntil.map({ $0 <= now }) ?? false {
            let entry = entries[index]
            guard entry.isLive && entry.state != "inUse" || entry.state == "suspended" else { continue }
            entries[index].atRiskUntil = nil
            if isPast(entry.starts) { continue }
            if label.objection(on: entry.days) == "withdrawn" {
                entries[index].state = "cancelledByNetwork"
            } else {
                entries[index].flags.remove("atRisk")
            }
        }
    }
}
