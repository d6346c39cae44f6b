import FoundationEssentials
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Racing for the last workstations and units", .serialized)
struct RaceTests {
    private static var isFull: Bool { ProcessInfo.processInfo.environment["PLATEAU_TESTS"] == "full" }
    /// A minute when the whole suite is asked for, short otherwise.
    static var duration: Duration { isFull ? .seconds(60) : .seconds(8) }

    @Test
    func `case 20: 32 clients race; nothing is taken twice, nothing acknowledged is lost, every refusal is justified`() async throws {
        let seed = UInt64.random(in: 0...(.max))
        let race = try await Race(seed: seed).run(for: Self.duration, operations: Self.isFull ? 20_000 : 0)
        let isClean = race.isClean
        #expect(isClean, "seed \(seed): \(race.summary)")
        #expect(race.history.acknowledged.count > 20 && race.refusalsLookedAt > 20, "the race was one: \(race.summary)")
        #expect(race.history.acknowledged.contains { $0.isHold } && race.history.acknowledged.contains { $0.key.hasPrefix("series") })
        print("race, seed \(seed): \(race.summary)")
    }

    @Test
    func `32 clients race for a hall and its bays; the hall is never over its own capacity`() async throws {
        let seed = UInt64.random(in: 0...(.max))
        let race = try await Race(seed: seed, usesTree: true).run(for: Self.isFull ? .seconds(30) : .seconds(6))
        let isClean = race.isClean
        #expect(isClean, "seed \(seed): \(race.summary)")
        #expect(race.history.acknowledged.count > 20 && race.refusalsLookedAt > 20, "the race was one: \(race.summary)")
        print("race in a tree, seed \(seed): \(race.summary)")
    }

    @Test
    func `without the locks the same race is lost`() async throws {
        let race = try await Race(seed: 7, removesLocks: true).run(for: .seconds(25), stopsAtFirstExcess: true)
        #expect(!race.excesses.isEmpty, "the lock is what guards the capacity: \(race.summary)")
    }

    @Test
    func `without locks and constraint units are taken twice`() async throws {
        let race = try await Race(seed: 11, removesLocks: true, removesConstraint: true, onlyUnits: true)
            .run(for: .seconds(25), stopsAtFirstExcess: true)
        #expect(!race.excesses.isEmpty, "the constraint is the second guard of units: \(race.summary)")
    }

    @Test
    func `without the locks the constraint alone still keeps units apart`() async throws {
        let race = try await Race(seed: 13, removesLocks: true, onlyUnits: true).run(for: .seconds(5))
        #expect(race.excesses.isEmpty, "over capacity \(race.excesses)")
        #expect(!race.history.acknowledged.isEmpty, "\(race.summary)")
    }
}
