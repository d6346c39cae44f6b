/// The engine as somebody would keep it on squared paper: a row for each booking, a column for each slot of three hours.
///
/// Written from the words of the domain, not from the database's code, and slow on purpose. Each verb answers as the engine is expected
/// to; `nil`: nobody asks for that.
struct NaiveEngine {
    struct Entry {
        let tag: Int
        let party: EngineParty
        let lines: [EngineWish.Line]
        var starts: Int
        var ends: Int
        var state: String
        /// The slot from whose middle on it has lapsed.
        var lapses: Int?
        var isOffer = false
        var priority = 0
        /// Slots up to this one are taken once it has ended early.
        var leftAt: Int?
        /// What it was when it was suspended.
        var former = ""
        var flags: Set<String> = []
        /// From whose middle on the network releases it.
        var atRiskUntil: Int?
        /// The first tag of its series.
        var series: Int?

        init(tag: Int, party: EngineParty, _ wish: EngineWish) {
            self.tag = tag
            self.party = party
            lines = wish.lines
            starts = wish.starts
            ends = wish.ends
            state = ""
        }

        func isIn(_ room: EngineRoom) -> Bool { lines.contains { $0.room == room } }
        var days: ClosedRange<Int> { starts / NaiveEngine.slotsPerDay...(ends - 1) / NaiveEngine.slotsPerDay }
        /// It takes room, were it not for the clock.
        var isLive: Bool { ["requested", "held", "conditional", "confirmed", "inUse"].contains(state) }
    }

    static let slotsPerDay = 8
    static let capacities = [5, 1, 3]
    /// In one booking: each room is booked for 3000 minutes at most, which is not quite seventeen.
    static let mostSlots = 16
    static let mostHolds = 3
    /// Of the company, on the platform, each week.
    static let mostSlotsPerWeek = 36
    /// For a request.
    static let slotsToDecide = 16
    static let slotsToAccept = 2
    static let slotsOfNotice = 8
    static let slotsUntilForgotten = 3

    /// It is always the middle of a slot.
    var now = 0
    var entries: [Entry] = []
    var outages: [NaiveOutage] = []
    var label = NaiveLabel()

    func index(of tag: Int) -> Int? { entries.firstIndex { $0.tag == tag } }

    func isPast(_ starts: Int) -> Bool { starts <= now }

    func hasLapsed(_ entry: Entry) -> Bool { entry.lapses.map { $0 <= now } ?? false }

    /// As a reader is told.
    func state(of entry: Entry) -> String {
        ["held", "requested", "waitlisted", "suspended"].contains(entry.state) && hasLapsed(entry) ? "expired" : entry.state
    }

    // Rules

    func taken(_ room: EngineRoom, at slot: Int, besides own: Int? = nil) -> Int {
        var seats = 0
        for entry in entries where entry.tag != own && takesRoom(entry) {
            if entry.starts <= slot, slot < min(entry.ends, entry.leftAt ?? .max) {
                for line in entry.lines where line.room == room { seats += line.seats }
            }
        }
        return seats
    }

    private func takesRoom(_ entry: Entry) -> Bool {
        switch entry.state {
        case "conditional", "confirmed", "inUse", "completed": true
        case "held", "requested": !hasLapsed(entry)
        default: false
        }
    }

    func hasRoom(_ entry: Entry) -> Bool {
        (entry.starts..<entry.ends).allSatisfy { slot in
            entry.lines.allSatisfy { line in
                taken(line.room, at: slot, besides: entry.tag) + line.seats <= Self.capacities[line.room.rawValue]
            }
        }
    }

    /// In each week that it meets.
    private func keepsQuota(_ entry: Entry) -> Bool {
        guard entry.party == .company, entry.isIn(.platform) else { return true }
        let week = 7 * Self.slotsPerDay
        return (entry.starts / week...(entry.ends - 1) / week).allSatisfy { number in
            let span = number * week..<(number + 1) * week
            let drawn = entries.filter { $0.tag != entry.tag && drawsQuota($0) }.map { $0.slots(in: span) }.reduce(0, +)
            return drawn + entry.slots(in: span) <= Self.mostSlotsPerWeek
        }
    }

    /// Also while it is suspended, and for what was used.
    func drawsQuota(_ entry: Entry) -> Bool {
        entry.party == .company && entry.isIn(.platform)
            && ["held", "requested", "conditional", "confirmed", "inUse", "completed", "suspended"].contains(state(of: entry))
    }

    /// But for room.
    private func isAllowed(_ entry: Entry) -> Bool {
        entry.ends - entry.starts <= Self.mostSlots && label.objection(on: entry.days) == nil && !isOut(entry) && keepsQuota(entry)
    }

    // Bookings

    mutating func book(_ wish: Entry, as kind: EngineCommand.Kind, slots: Int) -> String {
        var entry = wish
        guard !isPast(entry.starts), isAllowed(entry) else { return "refused" }
        let holds = entries.count { $0.party == entry.party && !$0.isOffer && state(of: $0) == "held" }
        if kind == .held, holds >= Self.mostHolds { return "refused" }
        if !hasRoom(entry) {
            guard kind == .waitlisted else { return "refused" }
            (entry.state, entry.lapses) = ("waitlisted", entry.starts)
        } else if kind == .held {
            (entry.state, entry.lapses) = ("held", now + slots)
        } else {
            settle(&entry)
        }
        entries.append(entry)
        return "created"
    }

    /// Where its centre approves, it is asked.
    private func settle(_ entry: inout Entry) {
        let isAsked = entry.isIn(.hall)
        entry.state = isAsked ? "requested" : "confirmed"
        entry.lapses = isAsked ? min(entry.starts, now + Self.slotsToDecide) : nil
    }

    /// What is said of each occurrence.
    mutating func bookSeries(_ wishes: [Entry], isAtomic: Bool) -> String {
        let before = entries
        let answers = wishes.map { book($0, as: .booked, slots: 0) }
        let made = answers.count { $0 == "created" }
        let isKept = made > 0 && (!isAtomic || made == answers.count)
        if !isKept { entries = before }
        return answers.map { $0 == "created" && !isKept ? "wouldCreate" : $0 }.joined(separator: " ")
    }

    mutating func cancelSeries(_ tag: Int, from: Int?) -> String? {
        let indices = entries.indices.filter { entries[$0].series == tag && entries[$0].tag >= from ?? tag }
        // What lapsed is cleared away by whoever comes first.
        guard !indices.isEmpty, !indices.contains(where: { state(of: entries[$0]) == "expired" }) else { return nil }
        let open = indices.filter { ["requested", "conditional", "confirmed", "suspended"].contains(entries[$0].state) }
        return open.map { cancel($0) }.joined(separator: " ")
    }

    mutating func decide(_ index: Int, approves: Bool) -> String {
        guard entries[index].state == "requested" else { return "notRequested" }
        let isDenied = label.objection(on: entries[index].days) != nil
        entries[index].state = !approves ? "rejected" : isDenied ? "conditional" : "confirmed"
        entries[index].lapses = nil
        return "decided"
    }

    mutating func confirm(_ index: Int) -> String {
        guard entries[index].state == "held" else { return "notHeld" }
        if label.objection(on: entries[index].days) != nil { return "refused" }
        settle(&entries[index])
        return "confirmed"
    }

    mutating func cancel(_ index: Int) -> String {
        guard ["held", "requested", "conditional", "confirmed", "waitlisted", "suspended"].contains(entries[index].state) else {
            return "notCancellable"
        }
        if isPast(entries[index].starts) { return "alreadyStarted" }
        entries[index].state = "cancelledByUser"
        return "cancelled"
    }

    mutating func prioritise(_ index: Int, _ priority: Int) -> String {
        guard entries[index].state == "waitlisted" else { return "notWaiting" }
        entries[index].priority = priority
        return "changed"
    }

    mutating func move(_ index: Int, to starts: Int, _ ends: Int) -> String? {
        // Only what is settled: of the others the model says nothing.
        guard ["conditional", "confirmed"].contains(entries[index].state), !isPast(entries[index].starts) else { return nil }
        var moved = entries[index]
        (moved.starts, moved.ends) = (starts, ends)
        guard starts == entries[index].starts || !isPast(starts) else { return "refused" }
        return change(index, to: moved)
    }

    /// Also while it is in use, unless it is over.
    mutating func extend(_ index: Int, to ends: Int) -> String? {
        let entry = entries[index]
        // Nor of an approval that is asked anew when the time has come.
        guard ["conditional", "confirmed", "inUse"].contains(entry.state), ends > entry.starts,
            !(entry.isIn(.hall) && isPast(entry.starts))
        else { return nil }
        if isPast(entry.starts), ends != entry.ends, isPast(ends) || isPast(entry.ends) { return "alreadyStarted" }
        var longer = entry
        longer.ends = ends
        return change(index, to: longer)
    }

    private mutating func change(_ index: Int, to changed: Entry) -> String {
        var changed = changed
        guard isAllowed(changed), hasRoom(changed) else { return "refused" }
        if changed.state != "inUse" {
            // What was approved is not what it becomes.
            let isSame = changed.starts == entries[index].starts && changed.ends == entries[index].ends
            if isSame { changed.state = "confirmed" } else { settle(&changed) }
        }
        (changed.flags, changed.atRiskUntil) = ([], nil)
        entries[index] = changed
        return "changed"
    }

    mutating func checkIn(_ index: Int) -> String {
        let entry = entries[index]
        guard ["conditional", "confirmed", "inUse"].contains(entry.state) else { return "notUsable" }
        if label.objection(on: entry.days) == "suspended" { return "labelSuspended" }
        if entry.state == "inUse" { return "alreadyCheckedIn" }
        if entry.starts > now + 1 { return "tooEarly" }
        if entry.ends <= now { return "tooLate" }
        entries[index].state = "inUse"
        return "checkedIn"
    }

    mutating func checkOut(_ index: Int) -> String {
        guard entries[index].state == "inUse" else { return "notInUse" }
        entries[index].state = "completed"
        entries[index].leftAt = now + 1
        return "checkedOut"
    }

    /// What lapsed is over, what was forgotten is made up for, what nobody lifted the risk of is released, and whoever waits for what is
    /// free by now is offered it: by priority, then first come first.
    ///
    /// - Returns: how many were offered room.
    mutating func keepUp() -> Int {
        for index in entries.indices where state(of: entries[index]) == "expired" { entries[index].state = "expired" }
        for index in entries.indices where entries[index].state == "inUse" && entries[index].ends + Self.slotsUntilForgotten <= now {
            entries[index].state = "completed"
        }
        releaseDue()
        var offered = 0
        for index in entries.indices.sorted(by: { (-entries[$0].priority, $0) < (-entries[$1].priority, $1) })
        where entries[index].state == "waitlisted" && isAllowed(entries[index]) && hasRoom(entries[index]) {
            entries[index].state = "held"
            entries[index].isOffer = true
            entries[index].lapses = min(entries[index].starts, now + Self.slotsToAccept)
            offered += 1
        }
        return offered
    }
}

extension NaiveEngine.Entry {
    func slots(in span: Range<Int>) -> Int { (starts..<ends).clamped(to: span).count }
}
