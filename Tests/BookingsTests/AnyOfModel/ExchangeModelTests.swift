import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

/// Random bookings by name and by model, against a naive rule of who may be exchanged for whom.
@Suite("Exchanging units, at random")
struct ExchangeModelTests {
    private struct Held {
        let id: String
        let hours: Range<Int>
        let isChosen: Bool
        var unit: Int
    }

    private static let units = 4

    @Test(arguments: [UInt64(20_261_130), 7, 4_242])
    func `what is booked, refused and moved is what the rule says`(_ seed: UInt64) async throws {
        print("exchanges: seed \(seed)")
        try await withModel(units: Self.units) { desk in
            var random = SplitMix64(seed: seed)
            var held: [Held] = []
            var moves = 0
            var refusals = 0
            for step in 0..<80 {
                var context = "seed \(seed), step \(step)"
                if held.count > 3, Int.random(in: 0..<5, using: &random) == 0 {
                    let gone = held.remove(at: Int.random(in: 0..<held.count, using: &random))
                    #expect(try await desk.desk.act(gone.id, "cancellation").status == .ok, "\(context)")
                    continue
                }
                let start = Int.random(in: 7..<15, using: &random)
                let hours = start..<(start + Int.random(in: 1...3, using: &random))
                let isChosen = Int.random(in: 0..<3, using: &random) > 0
                let unit = Int.random(in: 0..<Self.units, using: &random)
                let taken = held.map { "\($0.unit)\($0.isChosen ? "" : "!") \($0.hours)" }.sorted().joined(separator: ", ")
                context += ": \(isChosen ? "any" : "\(unit)") \(hours) beside \(taken)"
                let made = try await desk.book(isChosen ? desk.any(1, hours) : desk.named(unit, hours))
                let mayBe = Self.mayBook(hours, at: isChosen ? nil : unit, beside: held)
                #expect(made.status == (mayBe ? .created : .conflict), "\(context): \(made.body)")
                if made.status != .created {
                    refusals += 1
                    #expect(made.codes == [isChosen ? "noFreeUnit" : "unitTaken"], "\(context): \(made.body)")
                }
                moves += try await Self.follow(&held, desk, context)
                if made.status == .created {
                    let got = try #require(try await desk.units(of: made.id).first ?? nil, "\(context)")
                    #expect(isChosen || got == unit, "\(context): what is named is had")
                    held.append(Held(id: made.id, hours: hours, isChosen: isChosen, unit: got))
                }
                #expect(Self.areApart(held), "\(context): nobody shares a unit")
                try await desk.check()
            }
            print("exchanges: \(held.count) held, \(moves) moved, \(refusals) refused")
            #expect(moves > 0 && refusals > 0, "seed \(seed) tries something")
        }
    }

    /// Reads where everybody is: whom the server moved, it chose for.
    private static func follow(_ held: inout [Held], _ desk: ModelDesk, _ context: String) async throws -> Int {
        var moves = 0
        for index in held.indices {
            let unit = try #require(try await desk.units(of: held[index].id).first ?? nil, "\(context)")
            guard unit != held[index].unit else { continue }
            #expect(held[index].isChosen, "\(context): a named unit is never exchanged")
            held[index].unit = unit
            moves += 1
        }
        return moves
    }

    /// Whether a unit is free, or is freed by giving one who was chosen for another unit that is free for the whole of theirs.
    private static func mayBook(_ hours: Range<Int>, at unit: Int?, beside held: [Held]) -> Bool {
        let wanted = unit.map { [$0] } ?? Array(0..<units)
        func takers(_ unit: Int, _ hours: Range<Int>) -> [Held] { held.filter { $0.unit == unit && $0.hours.overlaps(hours) } }
        return wanted.contains { candidate in
            let inTheWay = takers(candidate, hours)
            guard let first = inTheWay.first else { return true }
            return inTheWay.count == 1 && first.isChosen
                && (0..<units).contains { $0 != candidate && takers($0, first.hours).isEmpty }
        }
    }

    private static func areApart(_ held: [Held]) -> Bool {
        held.indices.allSatisfy { index in
            held[..<index].allSatisfy { $0.unit != held[index].unit || !$0.hours.overlaps(held[index].hours) }
        }
    }
}

/// Many at once: nobody shares a unit, nobody who named one loses it, and nobody is told of a deadlock.
@Suite("Exchanging units, at once")
struct ExchangeRaceTests {
    @Test func `rivals for the units of a model are booked or refused, and those who named one keep it`() async throws {
        try await withModel(units: 4) { desk in
            let named = try await withThrowingTaskGroup(of: [String: Int].self) { group in
                for client in 0..<8 { group.addTask { try await Self.act(desk, client) } }
                return try await group.reduce(into: [:]) { $0.merge($1) { one, _ in one } }
            }
            for (id, unit) in named {
                let (now, state) = (try await desk.units(of: id).first ?? nil, try await desk.desk.state(id))
                #expect(state != "confirmed" || now == unit, "\(id)")
            }
            let moves = Int(try await desk.desk.ask("select count(*) from jobs.event where type = 'booking.moved'") ?? "") ?? 0
            print("exchanges at once: \(named.count) named, \(moves) moved")
            #expect(moves > 0)
            try await desk.check()
        }
    }

    /// Books and cancels at random.
    /// - Returns: which unit each booking named.
    private static func act(_ desk: ModelDesk, _ client: Int) async throws -> [String: Int] {
        var random = SplitMix64(seed: UInt64(client + 1))
        var named: [String: Int] = [:]
        var mine: [String] = []
        for _ in 0..<25 {
            if mine.count > 2 {
                let gone = mine.remove(at: Int.random(in: 0..<mine.count, using: &random))
                let cancelled = try await desk.desk.act(gone, "cancellation")
                #expect([.ok, .preconditionFailed].contains(cancelled.status), "\(cancelled.body)")
            }
            let start = Int.random(in: 7..<15, using: &random)
            let hours = start..<(start + Int.random(in: 1...3, using: &random))
            let unit = Int.random(in: 0..<4, using: &random)
            let isNamed = Int.random(in: 0..<3, using: &random) == 0
            let made = try await desk.book(isNamed ? desk.named(unit, hours) : desk.any(1, hours))
            #expect([.created, .conflict].contains(made.status), "\(made.body)")
            if made.status == .conflict { #expect(made.problem == "bookingRefused", "\(made.body)") }
            guard made.status == .created else { continue }
            mine.append(made.id)
            if isNamed { named[made.id] = unit }
        }
        return named
    }
}
