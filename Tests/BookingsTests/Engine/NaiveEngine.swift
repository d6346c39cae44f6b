/// The engine as somebody would keep it on squared paper: a row for each booking, a column for each slot of three hours.
///
/// Written from the words of the domain, not from the database's code, and slow on purpose. Each verb answers as the engine is expected
/// to; `nil`: nobody asks for that.
struct NaiveEngine {
    struct Entry {
        let tag: Int
        let party: EngineParty
        /// Those of a kit among them.
        var lines: [EngineWish.Line]
        /// How many machines the engine chooses for it, and which it has.
        var wanted: Int
        var chosen: [EngineRoom] = []
        /// As it was asked for.
        let leftChoice: Bool
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
        /// The first tag of its series, and which of its occurrences it is.
        var series: Int?
        var occurrence = 0

        init(tag: Int, party: EngineParty, _ wish: EngineWish) {
            self.tag = tag
            self.party = party
            lines = wish.lines + (wish.hasKit ? [EngineWish.Line(room: .platform, seats: EngineWish.seatsInKit)] : [])
            wanted = wish.chosen
            leftChoice = wish.chosen > 0
            starts = wish.starts
            ends = wish.ends
            state = ""
        }

        func seats(of room: EngineRoom) -> Int {
            lines.lazy.filter { $0.room == room }.map(\.seats).reduce(chosen.contains(room) ? 1 : 0, +)
        }
        func isIn(_ room: EngineRoom) -> Bool { seats(of: room) > 0 }
        var span: Range<Int> { starts..<ends }
        var days: ClosedRange<Int> { starts / NaiveEngine.slotsPerDay...(ends - 1) / NaiveEngine.slotsPerDay }
        /// It takes room, were it not for the clock.
        var isLive: Bool { ["requested", "held", "conditional", "confirmed", "inUse"].contains(state) }
    }

    static let slotsPerDay = 8
    static let capacities = [5, 1, 3, 1, 1, 1]
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
    /// What the engine said of the command that is played.
    var seen: EngineSeen?
    /// What it did that it may not do.
    var fault: String?

    func index(of tag: Int) -> Int? { entries.firstIndex { $0.tag == tag } }

    func isPast(_ starts: Int) -> Bool { starts <= now }

    func hasLapsed(_ entry: Entry) -> Bool { entry.lapses.map { $0 <= now } ?? false }

    /// As a reader is told.
    func state(of entry: Entry) -> String {
        ["draft", "held", "requested", "waitlisted", "suspended"].contains(entry.state) && hasLapsed(entry) ? "expired" : entry.state
    }

    // Rules

    func taken(_ room: EngineRoom, at slot: Int, besides own: Int? = nil) -> Int {
        var seats = 0
        for entry in entries where entry.tag != own && takesRoom(entry) {
            if entry.starts <= slot, slot < min(entry.ends, entry.leftAt ?? .max) { seats += entry.seats(of: room) }
        }
        return seats
    }

    func takesRoom(_ entry: Entry) -> Bool {
        switch entry.state {
        case "conditional", "confirmed", "inUse", "completed": true
        case "held", "requested": !hasLapsed(entry)
        default: false
        }
    }

    func hasRoom(_ entry: Entry) -> Bool { EngineRoom.allCases.allSatisfy { hasRoom(entry, in: $0) } }

    func hasRoom(_ entry: Entry, in room: EngineRoom) -> Bool {
        let seats = entry.seats(of: room)
        return seats == 0 || entry.span.allSatisfy { taken(room, at: $0, besides: entry.tag) + seats <= Self.capacities[room.rawValue] }
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
    func isAllowed(_ entry: Entry) -> Bool {
        entry.ends - entry.starts <= Self.mostSlots && label.objection(on: entry.days) == nil && !isOut(entry)
            && hasEnoughMachines(entry) && keepsQuota(entry)
    }

    // Bookings

    mutating func book(_ wish: Entry, as kind: EngineCommand.Kind, slots: Int) -> String {
        var entry = wish
        entry.chosen = seen?.machines[entry.tag] ?? []
        if kind == .draft {
            // Whatever it asks for, it takes nothing.
            (entry.state, entry.lapses) = ("draft", entry.starts)
            entries.append(entry)
            return "created"
        }
        guard !isPast(entry.starts), isAllowed(entry.unchosen) else { return "refused" }
        let holds = entries.count { $0.party == entry.party && !$0.isOffer && state(of: $0) == "held" }
        if kind == .held, holds >= Self.mostHolds { return "refused" }
        if !isServed(room(for: entry.unchosen, choosing: entry.wanted)) {
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
    func settle(_ entry: inout Entry) {
        let isAsked = entry.isIn(.hall)
        entry.state = isAsked ? "requested" : "confirmed"
        entry.lapses = isAsked ? min(entry.starts, now + Self.slotsToDecide) : nil
    }

    mutating func decide(_ index: Int, approves: Bool) -> String {
        guard entries[index].state == "requested" else { return "notRequested" }
        let isDenied = label.objection(on: entries[index].days) != nil
        entries[index].state = !approves ? "rejected" : isDenied ? "conditional" : "confirmed"
        entries[index].lapses = nil
        return "decided"
    }

    mutating func confirm(_ index: Int) -> String {
        if entries[index].state == "draft" { return send(index) }
        guard entries[index].state == "held" else { return "notHeld" }
        if label.objection(on: entries[index].days) != nil { return "refused" }
        settle(&entries[index])
        return "confirmed"
    }

    mutating func cancel(_ index: Int) -> String {
        guard ["draft", "held", "requested", "conditional", "confirmed", "waitlisted", "suspended"].contains(entries[index].state) else {
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
}

extension NaiveEngine.Entry {
    func slots(in span: Range<Int>) -> Int { (starts..<ends).clamped(to: span).count }
}
