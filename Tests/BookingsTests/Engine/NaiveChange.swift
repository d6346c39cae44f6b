/// What a booking becomes at a stroke, or stays as it was.
extension NaiveEngine {
    mutating func move(_ index: Int, to starts: Int, _ ends: Int) -> String? {
        guard isOpen(entries[index]), !isPast(entries[index].starts) else { return nil }
        var moved = entries[index]
        (moved.starts, moved.ends) = (starts, ends)
        guard moved.state == "draft" || starts == entries[index].starts || !isPast(starts) else { return "refused" }
        return change(index, to: moved)
    }

    /// Others instead of all that it has, which are named then; where it has the same, what was chosen stays chosen.
    mutating func changeLines(_ index: Int, to lines: [EngineWish.Line]) -> String? {
        guard isOpen(entries[index]), !isPast(entries[index].starts) else { return nil }
        var changed = entries[index]
        if Set(lines.map(\.room)) == Set(changed.lines.map(\.room) + changed.chosen) {
            changed.lines = lines.filter { !changed.chosen.contains($0.room) }
        } else {
            (changed.lines, changed.wanted, changed.chosen) = (lines, 0, [])
        }
        return change(index, to: changed)
    }

    /// Also while it is in use, unless it is over.
    mutating func extend(_ index: Int, to ends: Int) -> String? {
        let entry = entries[index]
        // Nor of an approval that is asked anew when the time has come, nor of a hold by then.
        guard isOpen(entry) || entry.state == "inUse", ends > entry.starts,
            !(isPast(entry.starts) && (entry.isIn(.hall) || entry.state == "held"))
        else { return nil }
        if isPast(entry.starts), ends != entry.ends, isPast(ends) || isPast(entry.ends) { return "alreadyStarted" }
        var longer = entry
        longer.ends = ends
        return change(index, to: longer)
    }

    /// A draft is asked for.
    mutating func send(_ index: Int) -> String {
        var entry = entries[index]
        guard isAllowed(entry.unchosen), isServed(room(for: entry.unchosen, choosing: entry.wanted)) else { return "refused" }
        settle(&entry)
        entry.chosen = seen?.machines[entry.tag] ?? entry.chosen
        entries[index] = entry
        return "confirmed"
    }

    private func isOpen(_ entry: Entry) -> Bool {
        ["draft", "requested", "waitlisted", "held", "conditional", "confirmed"].contains(entry.state)
    }

    /// What was chosen for it, it names now.
    private mutating func change(_ index: Int, to changed: Entry) -> String {
        var changed = changed
        if changed.state == "draft" {
            changed.lapses = changed.starts
            entries[index] = changed
            return "changed"
        }
        guard isAllowed(changed) else { return "refused" }
        if isServed(room(for: changed, choosing: 0)) {
            let old = entries[index]
            let isSame = changed.span == old.span && changed.lines == old.lines && changed.wanted == old.wanted
            switch changed.state {
            case "held", "inUse": break
            // What was approved is not what it becomes.
            case "conditional" where isSame, "confirmed" where isSame: changed.state = "confirmed"
            default: settle(&changed)
            }
        } else {
            guard changed.state == "waitlisted" else { return "refused" }
            changed.lapses = changed.starts
        }
        (changed.flags, changed.atRiskUntil) = ([], nil)
        entries[index] = changed
        return "changed"
    }
}
