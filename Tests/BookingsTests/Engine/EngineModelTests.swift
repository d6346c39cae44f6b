import FoundationEssentials
import Kernel
import Postgres
import Synchronization
import TestSupport
import Testing

@Suite("The whole engine against a naive model")
struct EngineModelTests {
    private static var isFull: Bool { ProcessInfo.processInfo.environment["PLATEAU_TESTS"] == "full" }

    /// The seed of an earlier run is replayed with `PLATEAU_ENGINE_SEED`; that of a database that failed replays it first.
    private static var seed: UInt64 {
        ProcessInfo.processInfo.environment["PLATEAU_ENGINE_SEED"].flatMap(UInt64.init) ?? (isFull ? .random(in: 0...(.max)) : 60)
    }

    /// A million in the full form.
    private static var commands: Int { isFull ? 1_000_000 : 20_000 }

    @Test func `every answer and every state is what the model says`() async throws {
        let seed = Self.seed
        let begun = ContinuousClock.now
        // Of what is made up, some is about nothing that there is.
        let turns = EngineTurns(count: Self.commands / (EngineRun.commandsPerRound * 5 / 6 * EngineWorld.rounds) + 1)
        let seen = try await withThrowingTaskGroup(of: [String: Int].self) { group in
            for _ in 0..<3 {
                group.addTask {
                    var seen: [String: Int] = [:]
                    while let turn = turns.next() {
                        seen.merge(try await EngineRun(seed: seed &+ UInt64(turn)).play(), uniquingKeysWith: +)
                    }
                    return seen
                }
            }
            return try await group.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
        }
        let count = seen.values.reduce(0, +)
        let rate = Double(count) / ((ContinuousClock.now - begun) / .seconds(1))
        print("engine, seed \(seed): \(count) commands, \(Int(rate)) a second")
        print(seen.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
        #expect(count >= Self.commands)
        for (name, answers) in Self.expected {
            for answer in answers { #expect(seen["\(name) \(answer)", default: 0] > 0, "never seen: \(name) \(answer)") }
        }
    }

    /// What goes first when a guard of the database is taken away: see Tests/GuardMutation.
    @Test func `one database walked through at random is what the model says`() async throws {
        let seen = try await EngineRun(seed: 61, patience: .seconds(15)).play()
        #expect(seen.count > 30)
    }

    private static let expected = [
        "book": ["created", "refused"], "retry": ["replayed"], "series": ["created", "refused", "wouldCreate"],
        "cancelSeries": ["cancelled", "alreadyStarted"], "changeSeries": ["created", "refused", "alreadyStarted"],
        "changeLines": ["changed", "refused"], "confirm": ["confirmed", "refused", "notHeld"],
        "cancel": ["cancelled", "alreadyStarted", "notCancellable"], "move": ["changed", "refused"],
        "extend": ["changed", "refused", "alreadyStarted"],
        "checkIn": ["checkedIn", "tooEarly", "tooLate", "labelSuspended", "alreadyCheckedIn", "notUsable"],
        "checkOut": ["checkedOut", "notInUse"], "decide": ["decided", "notRequested"], "prioritise": ["changed", "notWaiting"],
        "planOutage": ["planned", "past"], "endOutage": ["ended", "over", "endsWithFault"], "reportFault": ["reported", "past"],
        "resolveFault": ["resolved", "over"], "suspend": ["recorded"], "lift": ["recorded", "nothingToLift"], "withdraw": ["recorded"],
        "grant": ["recorded"], "clock": [""], "waiting": ["first"], "exchange": ["made"],
        // Two at once are too rare for the short form.
        "keepUp": isFull ? ["0", "1", "2"] : ["0", "1"],
    ]
}

/// Hands out numbers, one to each who asks.
private final class EngineTurns: Sendable {
    private let left: Mutex<Range<Int>>

    init(count: Int) {
        left = Mutex(0..<count)
    }

    func next() -> Int? { left.withLock { $0.popFirst() } }
}

/// Rounds of commands on one database, and what becomes of a sequence that fails.
struct EngineRun {
    let seed: UInt64
    /// For making a sequence that failed shorter.
    var patience = Duration.seconds(60)

    static let commandsPerRound = 96
    /// Every state and every seat is compared so often; in a sequence that failed, after each command.
    private static let comparesOneIn = 8

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// - Returns: how often each answer was seen.
    func play() async throws -> [String: Int] {
        try await withTestDatabase { database in
            let world = try await EngineWorld(database)
            var seen: [String: Int] = [:]
            for number in 0..<EngineWorld.rounds {
                var round = try await EngineRound(world, number: number)
                do {
                    try await playRandomly(&round, seed: seed &* 0x9E37_79B9 &+ UInt64(number))
                } catch let failure as EngineRound.Failure {
                    throw try await explain(failure, of: round, number)
                }
                seen.merge(round.seen, uniquingKeysWith: +)
                // As often as it may be asked for between two sets of rounds.
                if number == EngineWorld.rounds / 2 || number == EngineWorld.rounds - 1,
                    let difference = try await world.differenceOfTotals()
                {
                    throw Failure(
                        description: "seed \(seed), after round \(number): totals are not what the bookings come to: \(difference)")
                }
            }
            return seen
        }
    }

    private func playRandomly(_ round: inout EngineRound, seed: UInt64) async throws {
        var generator = EngineGenerator(seed: seed)
        for step in 0..<Self.commandsPerRound {
            let command = generator.next(round.model)
            try await round.play(command, compares: step % Self.comparesOneIn == 0)
        }
        for command in EngineGenerator.ending(round.model) { try await round.play(command, compares: true) }
        try await round.checkInvariants()
    }

    /// The shortest sequence found that fails too, on a database of its own.
    private func explain(_ failure: EngineRound.Failure, of round: EngineRound, _ number: Int) async throws -> Failure {
        let whole = round.played
        let deadline = ContinuousClock.now + patience
        var last = ""
        let again = try await Self.replay(whole)
        guard again != nil else {
            return Failure(
                description: "seed \(seed), round \(number), step \(failure.step): \(failure); its commands alone do not fail")
        }
        let few = try await shrunk(whole, patience: 400) { commands in
            guard ContinuousClock.now < deadline else { return false }
            let found = try await Self.replay(commands)
            if let found { last = found }
            return found != nil
        }
        let said = try await Self.replay(few) ?? last
        return Failure(
            description: """
                seed \(seed), round \(number), step \(failure.step): \(failure)
                \(few.count) of \(whole.count) commands show it; \(said):
                \(few.map { "  \($0)" }.joined(separator: "\n"))
                """)
    }

    /// - Returns: how a sequence fails, looked at after each command.
    static func replay(_ commands: [EngineCommand]) async throws -> String? {
        try await withTestDatabase { database in
            var round = try await EngineRound(EngineWorld(database), number: 0)
            do {
                for command in commands { try await round.play(command, compares: true) }
                try await round.checkInvariants()
            } catch let failure as EngineRound.Failure {
                return failure.description
            }
            return nil
        }
    }
}
