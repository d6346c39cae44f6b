import Kernel

/// Makes up what happens next: mostly what somebody would do, sometimes what nobody should.
struct EngineGenerator {
    private var random: SplitMix64
    private var lastTag = 0

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    mutating func next(_ model: NaiveEngine) -> EngineCommand {
        let today = model.now / NaiveEngine.slotsPerDay
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<11: return book(model, as: .booked)
        case 11..<16: return book(model, as: .held)
        case 16..<23: return book(model, as: .waitlisted)
        case 23..<26: return book(model, as: .draft)
        case 26..<29: return bookSeries(model)
        case 29..<33: return aboutSeries(model)
        case 33..<34: return .retry(pick(model) { _ in true }.tag)
        case 34..<40: return .confirm(pick(model) { $0.state == "held" || $0.state == "draft" }.tag)
        case 40..<47: return .cancel(pick(model) { !model.isPast($0.starts) }.tag)
        case 47..<53: return move(model)
        case 53..<58: return extend(model)
        case 58..<60: return .changeLines(pickOpen(model), lines())
        case 60..<66: return .checkIn(pick(model) { $0.state == "confirmed" && $0.starts <= model.now + 1 }.tag)
        case 66..<70: return .checkOut(pick(model) { $0.state == "inUse" }.tag)
        case 70..<76: return .decide(pick(model) { $0.state == "requested" }.tag, approves: Bool.random(using: &random))
        case 76..<78: return .prioritise(pick(model) { $0.state == "waitlisted" }.tag, Int.random(in: 0...2, using: &random))
        case 78..<84: return stop(model)
        case 84..<88: return decideOnLabel(model, today)
        case 88..<95: return .clock(slots: Int.random(in: 1...2, using: &random))
        default: return .keepUp
        }
    }

    /// What leaves the rooms and the label as they were, for the next round.
    static func ending(_ model: NaiveEngine) -> [EngineCommand] {
        let stopped = model.outages.filter { !$0.hasEnded && !model.isPast($0.ends) }.map { outage -> EngineCommand in
            outage.isFault ? .resolveFault(outage.tag) : .endOutage(outage.tag)
        }
        // A suspension below a withdrawal shows once a label is granted.
        return stopped + [.grant(from: 0), .lift(from: 0), .keepUp]
    }

    /// One for which something happens, three times in four where there is one.
    private mutating func pick(_ model: NaiveEngine, _ isWanted: (NaiveEngine.Entry) -> Bool) -> (tag: Int, series: Int?) {
        let wanted = Int.random(in: 0..<4, using: &random) > 0 ? model.entries.filter(isWanted) : []
        let picked = (wanted.isEmpty ? model.entries : wanted).randomElement(using: &random)
        return (picked?.tag ?? 0, picked?.series)
    }

    private mutating func take(_ count: Int = 1) -> Int {
        defer { lastTag += count }
        return lastTag + 1
    }

    // Bookings

    private mutating func lines(among rooms: [EngineRoom] = [.platform, .unit, .hall, .first, .second]) -> [EngineWish.Line] {
        let room = rooms.randomElement(using: &random) ?? .platform
        let seats = Int.random(in: 1...NaiveEngine.capacities[room.rawValue], using: &random)
        var lines = [EngineWish.Line(room: room, seats: seats)]
        // A bundle, taken whole or not at all.
        if room == .platform, Int.random(in: 0..<5, using: &random) == 0 { lines.append(EngineWish.Line(room: .unit, seats: 1)) }
        return lines
    }

    private mutating func wish(from first: Int) -> EngineWish {
        let ends = first + Int.random(in: 1...8, using: &random)
        switch Int.random(in: 0..<12, using: &random) {
        case 0..<8: return EngineWish(lines: lines(), starts: first, ends: ends)
        case 8..<10: return EngineWish(lines: [], machines: Int.random(in: 1...3, using: &random), starts: first, ends: ends)
        case 10: return EngineWish(lines: [], hasKit: true, starts: first, ends: ends)
        default:
            let named = Bool.random(using: &random) ? EngineRoom.second : .platform
            return EngineWish(
                lines: [EngineWish.Line(room: named, seats: 1)], machines: Int.random(in: 1...2, using: &random), starts: first, ends: ends)
        }
    }

    private mutating func someStart(_ model: NaiveEngine) -> Int {
        model.now + Int.random(in: Bool.random(using: &random) ? 0...8 : 0...24, using: &random)
    }

    private mutating func book(_ model: NaiveEngine, as kind: EngineCommand.Kind) -> EngineCommand {
        let party: EngineParty = Int.random(in: 0..<5, using: &random) < 3 ? .school : .company
        return .book(
            tag: take(), by: party, wish(from: someStart(model)), as: kind, slots: Int.random(in: 1...2, using: &random))
    }

    private mutating func bookSeries(_ model: NaiveEngine) -> EngineCommand {
        let (first, length) = (someStart(model), Int.random(in: 1...4, using: &random))
        let lines = lines(among: [.platform, .unit, .hall])
        let wishes = (0..<Int.random(in: 2...Self.mostOccurrences, using: &random)).map { turn in
            EngineWish(lines: lines, starts: first + turn * 6, ends: first + turn * 6 + length)
        }
        return .series(
            tag: take(wishes.count), by: Bool.random(using: &random) ? .company : .school, wishes,
            isAtomic: Bool.random(using: &random))
    }

    private static let mostOccurrences = 4

    private mutating func aboutSeries(_ model: NaiveEngine) -> EngineCommand {
        let picked = pick(model) { $0.series != nil && !model.isPast($0.starts) }
        let from = Bool.random(using: &random) ? picked.tag : nil
        guard let series = picked.series, Bool.random(using: &random) else { return .cancelSeries(picked.series ?? 0, from: from) }
        return .changeSeries(
            tag: take(Self.mostOccurrences), series, from: from, lines(among: [.platform, .unit, .hall]),
            moved: Int.random(in: -2...6, using: &random), length: Int.random(in: 1...4, using: &random))
    }

    /// One that can be changed.
    private mutating func pickOpen(_ model: NaiveEngine) -> Int {
        let isRare = Bool.random(using: &random)
        return pick(model) {
            !model.isPast($0.starts)
                && (isRare ? ["draft", "requested", "waitlisted", "held"].contains($0.state) : $0.state == "confirmed")
        }.tag
    }

    private mutating func move(_ model: NaiveEngine) -> EngineCommand {
        let tag = pickOpen(model)
        let starts = someStart(model)
        return .move(tag, starts: starts, ends: starts + Int.random(in: 1...8, using: &random))
    }

    private mutating func extend(_ model: NaiveEngine) -> EngineCommand {
        let tag = pick(model) { $0.state == "inUse" || $0.state == "confirmed" }.tag
        let ends = model.index(of: tag).map { model.entries[$0].ends } ?? 0
        return .extend(tag, to: ends + Int.random(in: -2...4, using: &random))
    }

    // Rooms and the label

    private mutating func stop(_ model: NaiveEngine) -> EngineCommand {
        let open = model.outages.filter { !$0.hasEnded }
        let ended = (Int.random(in: 0..<4, using: &random) > 0 && !open.isEmpty ? open : model.outages).randomElement(using: &random)
        let starts = max(0, model.now + Int.random(in: -4...10, using: &random))
        switch (Int.random(in: 0..<8, using: &random), ended) {
        case (0..<2, _), (_, nil):
            let room = EngineRoom.allCases.randomElement(using: &random) ?? .unit
            return .planOutage(tag: take(), room, starts: starts, ends: starts + Int.random(in: 1...10, using: &random))
        case (2, _):
            // What a fault does to a machine itself is for its own tests.
            let room: EngineRoom = Bool.random(using: &random) ? .platform : .hall
            return .reportFault(tag: take(), room, until: model.now + Int.random(in: 0...8, using: &random))
        // That of a fault ends when the fault is resolved.
        case (3, let outage?): return .endOutage(outage.tag)
        case (_, let outage?): return outage.isFault ? .resolveFault(outage.tag) : .endOutage(outage.tag)
        }
    }

    private mutating func decideOnLabel(_ model: NaiveEngine, _ today: Int) -> EngineCommand {
        let from = today + Int.random(in: 0...3, using: &random)
        let isClosed = NaiveLabel.days.contains { $0 >= today && model.label.fact(on: $0).status != "labelled" }
        switch Int.random(in: 0..<(isClosed ? 12 : 4), using: &random) {
        case 0: return .suspend(from: from, to: nil)
        case 1: return .suspend(from: from, to: from + Int.random(in: 0...1, using: &random))
        case 2: return .withdraw(from: from)
        case 3: return .grant(from: from)
        case 4...6: return .lift(from: today + Int.random(in: 0...1, using: &random))
        default: return .grant(from: today)
        }
    }
}
