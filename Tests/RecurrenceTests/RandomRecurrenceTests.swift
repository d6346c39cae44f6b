import Foundation
import Kernel
import Recurrence
import Testing

struct RandomRecurrenceTests {
    /// A fixed seed, so that two runs compare the same rules; another one each time when everything is asked for.
    private static let isFull = ProcessInfo.processInfo.environment["PLATEAU_TESTS"] == "full"

    @Test
    func `occurrences of random rules ascend, start no earlier, end where the rule says, and are written down for comparison`() throws {
        let seed = Self.isFull ? UInt64.random(in: 0...(.max)) : 2_026_11_23
        var random = SplitMix64(seed: seed)
        var log = RecurrenceLog()
        var total = 0
        for _ in 0..<(Self.isFull ? 50_000 : 5_000) {
            let wanted = RandomRecurrence(using: &random)
            let recurrence = try Recurrence(wanted.text)
            let zone = try #require(Zone(wanted.zone))
            let expansion = recurrence.occurrences(from: wanted.start, in: zone, atMost: wanted.limit)
            let starts = expansion.occurrences.map(\.start)
            #expect(zip(starts, starts.dropFirst()).allSatisfy { $0 < $1 }, "seed \(seed): \(wanted)")
            #expect(starts.count <= wanted.limit && (!expansion.isCut || starts.count == wanted.limit), "seed \(seed): \(wanted)")
            #expect(expansion.occurrences.allSatisfy { $0.local.instant(in: zone) == $0.start }, "seed \(seed): \(wanted)")
            total += starts.count
            log.add(wanted, expansion)
        }
        #expect(total > 50_000 * (Self.isFull ? 10 : 1), "the rules choose days")
        if let path = RecurrenceLog.path { try log.write(to: path) }
        print("recurrence, seed \(seed): \(total) occurrences")
    }
}
