import Kernel

/// The engine as somebody would keep it on squared paper: a row for each booking, a column for each quarter of an hour.
///
/// Written from the words of the domain, not from the database's code, and slow on purpose.
struct NaiveEngine {
    struct Entry {
        let resource: Int
        var starts: Int
        var ends: Int
        let seats: Int
        var state: String
        /// The quarter from whose middle on it has lapsed.
        var lapses: Int?
        var isOffer = false
        /// Quarters up to this one are taken once it has ended early.
        var leftAt: Int?
    }

    /// Of the platform, of the unit, and of the hall whose centre approves each booking.
    let capacities = [5, 1, 3]
    let approved = 2
    let mostHolds = 5
    /// It is always half past a quarter.
    var now = 0
    var entries: [Entry] = []

    func hasRoom(_ entry: Entry, besides own: Int? = nil) -> Bool {
        (entry.starts..<entry.ends).allSatisfy { quarter in
            taken(entry.resource, at: quarter, besides: own) + entry.seats <= capacities[entry.resource]
        }
    }

    func taken(_ resource: Int, at quarter: Int, besides own: Int? = nil) -> Int {
        var seats = 0
        for (index, entry) in entries.enumerated() where index != own && entry.resource == resource && takesRoom(entry) {
            if entry.starts <= quarter, quarter < min(entry.ends, entry.leftAt ?? .max) { seats += entry.seats }
        }
        return seats
    }

    private func takesRoom(_ entry: Entry) -> Bool {
        switch entry.state {
        case "confirmed", "inUse", "completed": true
        case "held", "requested": !hasLapsed(entry)
        default: false
        }
    }

    func hasLapsed(_ entry: Entry) -> Bool { entry.lapses.map { $0 <= now } ?? false }

    /// As a reader is told.
    func state(of index: Int) -> String {
        let entry = entries[index]
        return ["held", "requested", "waitlisted"].contains(entry.state) && hasLapsed(entry) ? "expired" : entry.state
    }

    func isPast(_ starts: Int) -> Bool { starts <= now }

    // Commands: each answers as the engine is expected to.

    mutating func book(_ entry: Entry, as kind: String, quarters: Int = 1) -> String {
        var entry = entry
        if isPast(entry.starts) { return "refused" }
        let held = entries.indices.filter { state(of: $0) == "held" && !entries[$0].isOffer }
        if kind == "held", held.count >= mostHolds { return "refused" }
        if !hasRoom(entry) {
            guard kind == "waitlisted" else { return "refused" }
            entry.state = "waitlisted"
            entry.lapses = entry.starts
        } else {
            entry.state = kind == "held" ? "held" : "confirmed"
            entry.lapses = kind == "held" ? now + quarters : nil
            if kind != "held" { settle(&entry) }
        }
        entries.append(entry)
        return "created"
    }

    /// Where its centre approves, it is asked until it begins.
    private func settle(_ entry: inout Entry) {
        entry.state = entry.resource == approved ? "requested" : "confirmed"
        entry.lapses = entry.resource == approved ? entry.starts : nil
    }

    /// - Returns: what is said of each occurrence, and whether they are kept.
    mutating func bookSeries(_ occurrences: [Entry], isAtomic: Bool) -> (answer: String, isKept: Bool) {
        let before = entries
        let answers = occurrences.map { book($0, as: "booked") }
        let made = answers.count { $0 == "created" }
        let isKept = made > 0 && (!isAtomic || made == answers.count)
        if !isKept { entries = before }
        return (answers.map { $0 == "created" && !isKept ? "wouldCreate" : $0 }.joined(separator: " "), isKept)
    }

    mutating func decide(_ index: Int, approves: Bool) -> String {
        guard entries[index].state == "requested" else { return "notRequested" }
        entries[index].state = approves ? "confirmed" : "rejected"
        entries[index].lapses = nil
        return "decided"
    }

    mutating func confirm(_ index: Int) -> String {
        guard entries[index].state == "held" else { return "notHeld" }
        if hasLapsed(entries[index]) { return "holdExpired" }
        settle(&entries[index])
        return "confirmed"
    }

    mutating func cancel(_ index: Int) -> String {
        guard ["held", "requested", "confirmed", "waitlisted"].contains(entries[index].state) else { return "notCancellable" }
        if isPast(entries[index].starts) { return "alreadyStarted" }
        entries[index].state = "cancelledByUser"
        return "cancelled"
    }

    mutating func move(_ index: Int, to starts: Int, _ ends: Int) -> String {
        guard state(of: index) == "confirmed" else { return "notChangeable" }
        if isPast(entries[index].starts) { return "alreadyStarted" }
        var moved = entries[index]
        (moved.starts, moved.ends) = (starts, ends)
        let isStill = starts == entries[index].starts
        guard isStill || !isPast(starts), hasRoom(moved, besides: index) else { return "refused" }
        // What was approved is not what it becomes.
        if !isStill || ends != entries[index].ends { settle(&moved) }
        entries[index] = moved
        return "changed"
    }

    /// Also while it is in use, unless it is over.
    mutating func extend(_ index: Int, to ends: Int) -> String {
        var longer = entries[index]
        longer.ends = ends
        if isPast(longer.starts), ends != entries[index].ends, isPast(ends) || isPast(entries[index].ends) { return "alreadyStarted" }
        guard hasRoom(longer, besides: index) else { return "refused" }
        if longer.state == "confirmed", ends != entries[index].ends { settle(&longer) }
        entries[index] = longer
        return "changed"
    }

    mutating func checkIn(_ index: Int) -> String {
        guard entries[index].state == "confirmed" else { return entries[index].state == "inUse" ? "alreadyCheckedIn" : "notUsable" }
        if entries[index].starts > now + 1 { return "tooEarly" }
        if entries[index].ends <= now { return "tooLate" }
        entries[index].state = "inUse"
        return "checkedIn"
    }

    mutating func checkOut(_ index: Int) -> String {
        guard entries[index].state == "inUse" else { return "notInUse" }
        entries[index].state = "completed"
        entries[index].leftAt = now + 1
        return "checkedOut"
    }

    /// What lapsed is over, what was forgotten is made up for, and whoever waits for what is free by now is offered it, first come first.
    mutating func keepUp() {
        for index in entries.indices where state(of: index) == "expired" { entries[index].state = "expired" }
        for index in entries.indices where entries[index].state == "inUse" && entries[index].ends + 4 <= now {
            entries[index].state = "completed"
        }
        for index in entries.indices where entries[index].state == "waitlisted" && hasRoom(entries[index]) {
            entries[index].state = "held"
            entries[index].isOffer = true
            entries[index].lapses = min(entries[index].starts, now + 8)
        }
    }
}
