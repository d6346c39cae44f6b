/// What the service does by itself.
extension NaiveEngine {
    /// What lapsed is over, what was forgotten is made up for, what nobody lifted the risk of is released, and whoever waits for what is
    /// free by now is offered it: by priority, then first come first.
    ///
    /// - Returns: how many were offered room.
    mutating func keepUp() -> Int {
        sweep()
        releaseDue()
        promote(seen?.offers ?? [])
        return seen?.offers.count ?? 0
    }

    mutating func sweep() {
        for index in entries.indices where state(of: entries[index]) == "expired" { entries[index].state = "expired" }
        for index in entries.indices where entries[index].state == "inUse" && entries[index].ends + Self.slotsUntilForgotten <= now {
            entries[index].state = "completed"
        }
    }

    /// Each offer is one that comes next and may be made; afterwards nobody is left who could be offered anything.
    ///
    /// Who waits for any of a model may be offered one that is made free by an exchange, and need not be.
    mutating func promote(_ offers: [EngineSeen.Offer]) {
        for offer in offers {
            guard let index = index(of: offer.tag), entries[index].state == "waitlisted" else {
                fault = "\(offer.tag) is offered what it does not wait for"
                return
            }
            if let first = waiting.first(where: fits), precedes(first, index) { fault = "\(entries[first].tag) was passed over" }
            if !mayHave(entries[index]) { fault = "\(offer.tag) is offered what it may not have" }
            entries[index].state = "held"
            entries[index].isOffer = true
            entries[index].lapses = min(entries[index].starts, now + Self.slotsToAccept)
            entries[index].chosen = offer.machines[offer.tag] ?? []
            follow(offer.machines)
        }
        if let left = waiting.first(where: fits) { fault = "\(entries[left].tag) goes on waiting for what is free" }
    }

    /// In the order in which they are offered room.
    private var waiting: [Int] {
        entries.indices.filter { state(of: entries[$0]) == "waitlisted" }.sorted { precedes($0, $1) }
    }

    private func precedes(_ one: Int, _ other: Int) -> Bool {
        (-entries[one].priority, one) < (-entries[other].priority, other)
    }

    private func mayHave(_ entry: Entry) -> Bool {
        if case .lacking = room(for: entry.unchosen, choosing: entry.wanted) { return false }
        return isAllowed(entry.unchosen)
    }

    /// Without anybody being moved.
    private func fits(_ index: Int) -> Bool {
        let entry = entries[index].unchosen
        guard isAllowed(entry), case .free = room(for: entry, choosing: entry.wanted) else { return false }
        return true
    }

    /// Room that appeared is nobody's before those who wait for it.
    mutating func blameWhoeverSlippedIn(since before: NaiveEngine, _ command: EngineCommand) {
        let could = before.waiting.filter(before.fits).map { before.entries[$0].tag }
        for tag in could where tag != command.booking {
            guard let index = index(of: tag), state(of: entries[index]) == "waitlisted", !fits(index) else { continue }
            fault = "it slips in before \(tag)"
        }
    }
}
