import TestSupport
import Testing

/// Sequences in which the engine and its model once differed, shortened, and some for guards that few random ones meet.
@Suite("What a model of the engine found")
struct EngineFindingsTests {
    private static func book(
        _ tag: Int, _ room: EngineRoom, seats: Int = 1, from starts: Int, to ends: Int, by party: EngineParty = .school,
        as kind: EngineCommand.Kind = .booked
    ) -> EngineCommand {
        let wish = EngineWish(lines: [EngineWish.Line(room: room, seats: seats)], starts: starts, ends: ends)
        return .book(tag: tag, by: party, wish, as: kind, slots: 1)
    }

    @Test func `an outage can be planned while somebody has checked in early, who keeps the place`() async throws {
        try await expect([
            Self.book(1, .unit, from: 1, to: 3), .checkIn(1), .planOutage(tag: 2, .unit, starts: 1, ends: 4), .endOutage(2), .checkOut(1),
        ])
    }

    @Test func `nobody comes back into an outage, where use under way left a hole in it`() async throws {
        try await expect([
            Self.book(1, .platform, from: 1, to: 6), Self.book(2, .platform, seats: 2, from: 4, to: 5), .clock(slots: 2),
            .suspend(from: 0, to: nil), .planOutage(tag: 3, .platform, starts: 3, ends: 8), .lift(from: 0),
        ])
    }

    @Test func `a hold that has lapsed is not in the way of whoever the label's return brings back`() async throws {
        try await expect([
            Self.book(1, .unit, from: 7, to: 9), .suspend(from: 1, to: nil), Self.book(2, .unit, from: 7, to: 8, as: .held),
            .clock(slots: 1), .lift(from: 1),
        ])
    }

    @Test func `a hold that has lapsed is not in the way of whoever the end of an outage brings back`() async throws {
        let both = EngineWish(
            lines: [EngineWish.Line(room: .platform, seats: 2), EngineWish.Line(room: .unit, seats: 1)], starts: 4, ends: 6)
        try await expect([
            .book(tag: 1, by: .school, both, as: .booked, slots: 1), .planOutage(tag: 2, .unit, starts: 4, ends: 6),
            Self.book(3, .platform, seats: 5, from: 4, to: 6, as: .held), .clock(slots: 1), .endOutage(2),
        ])
    }

    @Test func `a notice that is over cancels nothing that a new label leaves suspended`() async throws {
        try await expect([
            Self.book(1, .platform, from: 18, to: 19), .withdraw(from: 2), .suspend(from: 2, to: nil), .grant(from: 0), .clock(slots: 8),
            .keepUp, .lift(from: 2),
        ])
    }

    @Test func `a hold that has lapsed draws on no quota`() async throws {
        let whole = (0..<4).map { number in
            Self.book(number + 1, .platform, from: 8 + number * 8, to: 16 + number * 8, by: .company)
        }
        try await expect(
            whole + [
                Self.book(5, .platform, from: 40, to: 44, by: .company, as: .held), .clock(slots: 1),
                Self.book(6, .platform, from: 44, to: 48, by: .company),
            ])
    }

    @Test func `who asks for more again and again has no more in the end than the room may be booked for`() async throws {
        let longest = NaiveEngine.mostSlots
        try await expect([
            Self.book(1, .platform, from: 1, to: 9), .extend(1, to: 1 + longest), .extend(1, to: 2 + longest),
            Self.book(2, .unit, from: 30, to: 30 + longest), Self.book(3, .platform, from: 30, to: 31 + longest),
            .move(2, starts: 29, ends: 30 + longest), .clock(slots: 1), .checkIn(1), .extend(1, to: 2 + longest),
        ])
    }

    @Test func `who has waited longest is offered what comes free`() async throws {
        let waiting = (2...3).map { Self.book($0, .platform, seats: 5, from: 8, to: 10, as: .waitlisted) }
        try await expect([Self.book(1, .platform, seats: 5, from: 8, to: 10)] + waiting + [.cancel(1), .keepUp])
    }

    @Test func `what is suspended goes on drawing on its quota`() async throws {
        try await expect([Self.book(1, .platform, from: 8, to: 16, by: .company), .suspend(from: 0, to: nil)])
    }

    @Test func `who waits for any of a model waits although another of it is out of service`() async throws {
        try await expect([
            .planOutage(tag: 1, .first, starts: 4, ends: 11), Self.book(2, .second, from: 9, to: 15),
            Self.any(2, of: 3, from: 9, to: 17, as: .waitlisted), .cancel(2), .keepUp,
        ])
    }

    @Test func `what has lapsed keeps nobody from being given another machine`() async throws {
        try await expect([
            Self.any(2, of: 1, from: 15, to: 21), Self.book(2, .third, from: 14, to: 20, as: .held), .clock(slots: 1),
            Self.book(3, .first, from: 15, to: 18),
        ])
    }

    @Test func `what has lapsed keeps no draft from the machine that is free`() async throws {
        try await expect([
            Self.any(1, of: 1, from: 15, to: 21, as: .draft), Self.book(2, .first, from: 14, to: 16),
            Self.book(3, .second, from: 14, to: 16),
            Self.book(4, .third, from: 14, to: 20, as: .held), .clock(slots: 1), .confirm(1),
        ])
    }

    @Test func `whoever waits may change to what is free, and waits no more`() async throws {
        try await expect([
            Self.book(1, .platform, seats: 5, from: 8, to: 10), Self.book(2, .platform, seats: 5, from: 8, to: 10, as: .waitlisted),
            .move(2, starts: 12, ends: 14), .cancel(1), .keepUp,
        ])
    }

    @Test func `what a change names is not given up for another`() async throws {
        try await expect([
            .book(tag: 2, by: .company, EngineWish(lines: [], hasKit: true, starts: 18, ends: 24), as: .draft, slots: 1),
            .changeLines(2, [EngineWish.Line(room: .first, seats: 1)]), Self.book(1, .first, from: 8, to: 20), .confirm(2),
        ])
    }

    @Test func `a quota of which less is drawn wakes whoever was passed for it`() async throws {
        let whole = (0..<4).map { Self.book($0 + 3, .platform, from: 8 + $0 * 8, to: 16 + $0 * 8, by: .company) }
        try await expect(
            [
                Self.book(1, .platform, seats: 5, from: 44, to: 48),
                Self.book(2, .platform, from: 44, to: 48, by: .company, as: .waitlisted),
            ] + whole + [Self.book(7, .platform, from: 40, to: 44, by: .company), .cancel(1), .keepUp, .cancel(7), .keepUp])
    }

    @Test func `what was freed is nobody's before those who wait for it`() async throws {
        try await expect([
            Self.book(1, .platform, seats: 5, from: 8, to: 10), Self.book(2, .platform, seats: 5, from: 8, to: 10, as: .waitlisted),
            .cancel(1), Self.book(3, .platform, from: 9, to: 11),
        ])
    }

    @Test func `what has lapsed is nobody's before those who wait for it, cleared away or not`() async throws {
        try await expect([
            Self.book(1, .platform, seats: 2, from: 8, to: 10, as: .held),
            Self.book(2, .platform, seats: 4, from: 8, to: 10, as: .waitlisted),
            .clock(slots: 1), Self.book(3, .platform, seats: 2, from: 8, to: 10),
        ])
    }

    @Test func `what a booking gives up while it changes is its own to take again`() async throws {
        try await expect([
            Self.book(1, .platform, seats: 5, from: 8, to: 10), Self.book(2, .platform, seats: 5, from: 8, to: 10, as: .waitlisted),
            .move(1, starts: 9, ends: 11), .keepUp,
        ])
    }

    @Test func `what a series gives up while it changes is its own to take again`() async throws {
        let wish = { EngineWish(lines: [EngineWish.Line(room: .platform, seats: 5)], starts: $0, ends: $0 + 2) }
        try await expect([
            .series(tag: 1, by: .school, [wish(8), wish(14)], isAtomic: true),
            Self.book(3, .platform, from: 8, to: 9, as: .waitlisted), Self.book(4, .platform, from: 15, to: 17, as: .waitlisted),
            .changeSeries(tag: 5, 1, from: nil, [EngineWish.Line(room: .platform, seats: 5)], moved: 1, length: 2), .keepUp,
        ])
    }

    private static func any(
        _ count: Int, of tag: Int, from starts: Int, to ends: Int, as kind: EngineCommand.Kind = .booked
    ) -> EngineCommand {
        .book(tag: tag, by: .school, EngineWish(lines: [], machines: count, starts: starts, ends: ends), as: kind, slots: 1)
    }

    private func expect(_ commands: [EngineCommand]) async throws {
        let found = try await EngineRun.replay(commands)
        #expect(found == nil)
    }
}
