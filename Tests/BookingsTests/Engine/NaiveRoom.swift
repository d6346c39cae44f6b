/// Whether there is room, where the engine chooses machines and may give others another one.
extension NaiveEngine {
    enum Room {
        case free
        /// If others are given another machine, one each; `isDue` where it has to be found.
        case byExchange(isDue: Bool)
        case lacking
    }

    /// Others keep what they have as long as that is possible.
    func room(for entry: Entry, choosing count: Int) -> Room {
        guard EngineRoom.allCases.allSatisfy({ $0.isMachine || hasRoom(entry, in: $0) }) else { return .lacking }
        let named = EngineRoom.machines.filter(entry.isIn)
        let taken = named.filter { !isFree($0, entry.span, besides: entry.tag) }
        let others = EngineRoom.machines.filter { !named.contains($0) && !isStopped($0, entry.span) }
        let free = others.filter { isFree($0, entry.span, besides: entry.tag) }
        let missing = max(0, count - free.count)
        if taken.isEmpty, missing == 0 { return .free }
        let kept = named + (missing > 0 ? free : [])
        var rest = self
        rest.entries.removeAll { $0.tag == entry.tag }
        guard rest.canClear(taken, missing, of: others.filter { !free.contains($0) }, keeping: kept, for: entry) else { return .lacking }
        // Whoever waits comes first to what somebody is moved from. Among several the engine looks for one way, not for all.
        let isAlone = taken.count + missing == 1 && (missing == 1 || count == 0)
        let isWaitedFor = entries.contains { other in
            state(of: other) == "waitlisted" && (other.wanted > 0 || EngineRoom.machines.contains(where: other.isIn))
        }
        return .byExchange(isDue: isAlone && !isWaitedFor)
    }

    /// In service, taken or not.
    func hasEnoughMachines(_ entry: Entry) -> Bool {
        !entry.chosen.isEmpty
            || EngineRoom.machines.count { !entry.isIn($0) && !isStopped($0, entry.span) } >= entry.wanted
    }

    /// Whether what is asked for is had.
    mutating func isServed(_ room: Room) -> Bool {
        switch room {
        case .free: return true
        case .lacking: return false
        case .byExchange(let isDue):
            guard let seen else { return true }
            if isDue, !seen.isServed { fault = "somebody could have been given another machine" }
            return seen.isServed
        }
    }

    func isFree(_ machine: EngineRoom, _ span: Range<Int>, besides own: Int) -> Bool {
        span.allSatisfy { taken(machine, at: $0, besides: own) == 0 }
    }

    func isStopped(_ machine: EngineRoom, _ span: Range<Int>) -> Bool {
        outages.contains { !$0.hasEnded && $0.room == machine && ($0.starts..<$0.ends).overlaps(span) }
    }

    private func canClear(
        _ taken: [EngineRoom], _ missing: Int, of others: [EngineRoom], keeping kept: [EngineRoom], for entry: Entry
    ) -> Bool {
        if let first = taken.first {
            return cleared(first, keeping: kept, for: entry).contains {
                $0.canClear(Array(taken.dropFirst()), missing, of: others, keeping: kept, for: entry)
            }
        }
        return missing == 0
            || others.indices.contains { place in
                cleared(others[place], keeping: kept, for: entry).contains {
                    $0.canClear([], missing - 1, of: Array(others.dropFirst(place + 1)), keeping: kept + [others[place]], for: entry)
                }
            }
    }

    /// How it may be when the one who has a machine is given another.
    private func cleared(_ machine: EngineRoom, keeping kept: [EngineRoom], for entry: Entry) -> [NaiveEngine] {
        let inTheWay = entries.indices.filter { index in
            let other = entries[index]
            return other.tag != entry.tag && takesRoom(other) && other.isIn(machine)
                && other.starts < min(other.ends, other.leftAt ?? .max)
                && (other.starts..<min(other.ends, other.leftAt ?? .max)).overlaps(entry.span)
        }
        guard inTheWay.count == 1, let index = inTheWay.first, entries[index].chosen.contains(machine), mayBeMoved(entries[index]) else {
            return []
        }
        let holder = entries[index]
        return EngineRoom.machines.compactMap { other in
            guard other != machine, !kept.contains(other), !holder.isIn(other), !isStopped(other, holder.span),
                isFree(other, holder.span, besides: holder.tag)
            else { return nil }
            var after = self
            after.entries[index].chosen = holder.chosen.filter { $0 != machine } + [other]
            return after
        }
    }

    /// Not within a day, nor in use, nor who has a quota.
    private func mayBeMoved(_ entry: Entry) -> Bool {
        entry.party == .school && entry.starts > now + Self.slotsPerDay
            && ["held", "requested", "conditional", "confirmed"].contains(entry.state)
    }

    /// Where everybody is whom the engine chose machines for: nobody shares one, and nobody was moved who may not be.
    mutating func follow(_ machines: [Int: [EngineRoom]]) {
        for index in entries.indices {
            let entry = entries[index]
            guard entry.wanted > 0, let has = machines[entry.tag], Set(has) != Set(entry.chosen) else { continue }
            if has.count != entry.wanted || Set(has).count != has.count { fault = "\(entry.tag) has \(has) and asked for \(entry.wanted)" }
            if !mayBeMoved(entry) || hasLapsed(entry) { fault = "\(entry.tag) was moved from \(entry.chosen) to \(has)" }
            entries[index].chosen = has
        }
        for entry in entries where entry.isLive && takesRoom(entry) && entry.wanted > 0 {
            if entry.chosen.count != entry.wanted { fault = "\(entry.tag) has \(entry.chosen) and asked for \(entry.wanted)" }
            if !entry.chosen.allSatisfy({ hasRoom(entry, in: $0) }) { fault = "\(entry.tag) shares one of \(entry.chosen)" }
        }
    }
}

extension NaiveEngine.Entry {
    /// With everything yet to be chosen.
    var unchosen: Self {
        var entry = self
        entry.chosen = []
        return entry
    }
}
