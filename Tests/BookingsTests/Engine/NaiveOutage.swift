/// A time in which a room cannot be used, planned or by a fault.
struct NaiveOutage {
    let tag: Int
    let room: EngineRoom
    let starts: Int
    let ends: Int
    let isFault: Bool
    var hasEnded = false
    /// Tags of bookings that lost their place to it and have not been settled.
    var displaced: [Int] = []

    func isInTheWay(of entry: NaiveEngine.Entry) -> Bool {
        !hasEnded && entry.isIn(room) && starts < entry.ends && entry.starts < ends
    }
}

extension NaiveEngine {
    func isOut(_ entry: Entry) -> Bool { outages.contains { $0.isInTheWay(of: entry) } }

    /// What is to come is suspended; what is under way keeps its place, and is told.
    mutating func stop(_ outage: NaiveOutage) -> String {
        if isPast(outage.ends) { return "past" }
        var outage = outage
        for index in entries.indices where entries[index].isLive && state(of: entries[index]) != "expired" {
            let entry = entries[index]
            guard entry.isIn(outage.room), entry.starts < outage.ends, entry.ends > max(outage.starts, now) else { continue }
            entries[index].flags.insert("displaced")
            if !isPast(entry.starts), entry.state != "inUse" { suspend(index) }
            outage.displaced.append(entry.tag)
        }
        outages.append(outage)
        return outage.isFault ? "reported" : "planned"
    }

    mutating func end(_ index: Int) -> String {
        let outage = outages[index]
        if outage.isFault { return "endsWithFault" }
        if outage.hasEnded || isPast(outage.ends) { return "over" }
        giveBack(index)
        return "ended"
    }

    mutating func resolve(_ index: Int) -> String? {
        guard outages[index].isFault else { return nil }
        if outages[index].hasEnded { return "over" }
        giveBack(index)
        return "resolved"
    }

    /// Whoever booked first gets its place back first.
    private mutating func giveBack(_ index: Int) {
        outages[index].hasEnded = true
        let waiting = entries.indices.filter { outages[index].displaced.contains(entries[$0].tag) }
        outages[index].displaced = []
        for entry in waiting where entries[entry].flags.contains("displaced") {
            guard entries[entry].state == "suspended" else {
                if entries[entry].isLive, isPast(entries[entry].starts) || entries[entry].state == "inUse" {
                    entries[entry].flags.remove("displaced")
                }
                continue
            }
            guard !isPast(entries[entry].starts), state(of: entries[entry]) != "expired" else { continue }
            // Where the label is in the way, its return brings it back.
            if label.objection(on: entries[entry].days) != nil || restore(entry) {
                entries[entry].flags.remove("displaced")
            } else if let other = outages.firstIndex(where: { $0.room == outages[index].room && $0.isInTheWay(of: entries[entry]) }) {
                outages[other].displaced.append(entries[entry].tag)
            }
        }
    }
}
