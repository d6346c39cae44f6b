import FoundationEssentials
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Racing for the last workstations and units", .serialized)
struct RaceTests {
    /// 30 s when the whole suite is asked for, short otherwise.
    static var duration: Duration {
        ProcessInfo.processInfo.environment["PLATEAU_TESTS"] == "full" ? .seconds(30) : .seconds(6)
    }

    @Test
    func `case 20: 32 clients race; nothing is taken twice, nothing acknowledged is lost`() async throws {
        let seed = UInt64.random(in: 0...(.max))
        let race = try await Race(seed: seed).run(for: Self.duration)
        #expect(race.excesses.isEmpty, "seed \(seed): over capacity \(race.excesses)")
        #expect(race.lost.isEmpty, "seed \(seed): acknowledged but not in the database: \(race.lost)")
        #expect(race.unexplained.isEmpty, "seed \(seed): in the database but never acknowledged: \(race.unexplained)")
        #expect(race.history.unexpected.isEmpty, "seed \(seed): \(race.history.unexpected)")
        #expect(race.history.acknowledged.count > 20 && race.history.refusals > 20, "the race was one: \(race.summary)")
        print("race, seed \(seed): \(race.summary)")
    }

    @Test
    func `32 clients race for a hall and its bays; the hall is never over its own capacity`() async throws {
        let seed = UInt64.random(in: 0...(.max))
        let race = try await Race(seed: seed, usesTree: true).run(for: Self.duration)
        #expect(race.excesses.isEmpty, "seed \(seed): over capacity \(race.excesses)")
        #expect(race.lost.isEmpty && race.unexplained.isEmpty, "seed \(seed): \(race.lost) \(race.unexplained)")
        #expect(race.history.unexpected.isEmpty, "seed \(seed): \(race.history.unexpected)")
        #expect(race.history.acknowledged.count > 20 && race.history.refusals > 20, "the race was one: \(race.summary)")
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
