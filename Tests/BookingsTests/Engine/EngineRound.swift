import Postgres

/// The model and the database side by side, for one sequence of commands.
struct EngineRound {
    struct Failure: Error, CustomStringConvertible {
        let step: Int
        let command: EngineCommand
        let description: String
    }

    private(set) var model = NaiveEngine()
    private(set) var world: EngineWorld
    private(set) var played: [EngineCommand] = []
    /// Answers, by command.
    private(set) var seen: [String: Int] = [:]

    /// - Parameter number: rounds of one database are two weeks apart.
    init(_ world: EngineWorld, number: Int) async throws {
        self.world = world
        try await self.world.begin(number)
    }

    /// - Parameter compares: also every state and every seat taken.
    mutating func play(_ command: EngineCommand, compares: Bool) async throws {
        played.append(command)
        let before = model
        guard model.isAsked(command) else { return }
        let said: EngineSeen
        do {
            said = try await world.answer(to: command, before)
        } catch let error as PostgresError {
            throw failure("fails: \(error)")
        }
        seen["\(command.name) \(said.answer.split(separator: " ").first ?? "")", default: 0] += 1
        if said.asksWaitingFirst, !said.offers.isEmpty { seen["waiting first", default: 0] += 1 }
        let expected = model.play(command, said)
        let rules = world.unmet.isEmpty ? "" : " (\(world.unmet))"
        guard said.answer == expected else {
            throw failure("is answered “\(said.answer)”\(rules), and “\(expected)” by the model")
        }
        let had = Dictionary(before.entries.lazy.filter(\.isLive).map { ($0.tag, $0.chosen) }, uniquingKeysWith: { first, _ in first })
        let exchanged = said.machines.filter { tag, has in had[tag].map { Set($0) != Set(has) } ?? false }
        if !exchanged.isEmpty { seen["exchange made", default: 0] += exchanged.count }
        if let fault = model.fault { throw failure("is answered “\(said.answer)”\(rules): \(fault)") }
        if compares { try await compare() }
    }

    func compare() async throws {
        if let difference = try await world.difference(from: model) { throw failure("leaves \(difference)") }
    }

    /// What holds whatever the model says, and takes longer to look at.
    func checkInvariants() async throws {
        if let fault = try await world.fault(model) { throw failure("leaves \(fault)") }
    }

    private func failure(_ text: String) -> Failure {
        let command = played.last ?? .keepUp
        return Failure(step: played.count, command: command, description: "“\(command)” \(text)")
    }
}

extension NaiveEngine {
    func isAsked(_ command: EngineCommand) -> Bool {
        var probe = self
        return probe.carryOut(command) != nil
    }

    /// - Parameter said: what the engine did; where it may choose, any valid choice will do, and what is not valid is a ``fault``.
    /// - Returns: what it is expected to answer.
    mutating func play(_ command: EngineCommand, _ said: EngineSeen) -> String {
        (seen, fault) = (said, nil)
        if said.asksWaitingFirst {
            sweep()
            promote(said.offers)
        }
        let before = self
        let answer = carryOut(command) ?? ""
        follow(said.machines)
        if said.isServed || said.answer.hasPrefix("created") { blameWhoeverSlippedIn(since: before, command) }
        seen = nil
        return answer
    }

    /// - Returns: `nil` when nobody asks for that.
    private mutating func carryOut(_ command: EngineCommand) -> String? {
        switch command {
        case .book(let tag, let party, let wish, let kind, let slots):
            return book(Entry(tag: tag, party: party, wish), as: kind, slots: slots)
        case .retry(let tag):
            // Keys of what leaves a choice are kept elsewhere.
            return index(of: tag).flatMap { entries[$0].series == nil && !entries[$0].leftChoice ? "replayed" : nil }
        case .series(let tag, let party, let wishes, let isAtomic):
            return bookSeries(
                wishes.enumerated().map { number, wish in
                    var entry = Entry(tag: tag + number, party: party, wish)
                    (entry.series, entry.occurrence) = (tag, number)
                    return entry
                }, isAtomic: isAtomic)
        case .cancelSeries(let tag, let from): return cancelSeries(tag, from: from)
        case .changeSeries(let tag, let series, let from, let lines, let moved, let length):
            return changeSeries(series, from: from, to: lines, moved: moved, length: length, firstTag: tag)
        case .clock(let slots):
            now += slots
            return ""
        case .keepUp: return "\(keepUp())"
        case .planOutage, .endOutage, .reportFault, .resolveFault: return playOutage(command)
        case .suspend(let from, let to): return decide(NaiveLabel.Decision(kind: .suspend, from: from, to: to))
        case .lift(let from): return decide(NaiveLabel.Decision(kind: .lift, from: from, to: nil))
        case .withdraw(let from): return decide(NaiveLabel.Decision(kind: .withdraw, from: from, to: nil))
        case .grant(let from): return decide(NaiveLabel.Decision(kind: .grant, from: from, to: nil))
        default: return playOnBooking(command)
        }
    }

    private mutating func playOnBooking(_ command: EngineCommand) -> String? {
        // Lapsed or cleared away already: who asked last decides, and the reader is told the same.
        guard let index = command.booking.flatMap({ index(of: $0) }), state(of: entries[index]) != "expired" else { return nil }
        switch command {
        case .confirm: return confirm(index)
        case .cancel: return cancel(index)
        case .move(_, let starts, let ends): return move(index, to: starts, ends)
        case .changeLines(_, let lines): return changeLines(index, to: lines)
        case .extend(_, let ends): return extend(index, to: ends)
        case .checkIn: return checkIn(index)
        case .checkOut: return checkOut(index)
        case .decide(_, let approves): return decide(index, approves: approves)
        case .prioritise(_, let priority): return prioritise(index, priority)
        default: return nil
        }
    }

    private mutating func playOutage(_ command: EngineCommand) -> String? {
        let known = { (outages: [NaiveOutage], tag: Int) in outages.firstIndex { $0.tag == tag } }
        switch command {
        case .planOutage(let tag, let room, let starts, let ends):
            return stop(NaiveOutage(tag: tag, room: room, starts: starts, ends: ends, isFault: false))
        case .reportFault(let tag, let room, let end):
            return stop(NaiveOutage(tag: tag, room: room, starts: now, ends: end, isFault: true))
        case .endOutage(let tag): return known(outages, tag).map { end($0) }
        case .resolveFault(let tag): return known(outages, tag).flatMap { resolve($0) }
        default: return nil
        }
    }
}

extension EngineCommand {
    /// The tag of the booking that it is about.
    var booking: Int? {
        switch self {
        case .confirm(let tag), .cancel(let tag), .checkIn(let tag), .checkOut(let tag), .extend(let tag, _), .decide(let tag, _),
            .prioritise(let tag, _), .move(let tag, _, _), .changeLines(let tag, _), .retry(let tag):
            tag
        default: nil
        }
    }
}
