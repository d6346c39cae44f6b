import FoundationEssentials
import Kernel
import Labels
import TestSupport
import Testing

/// What holds for any history of decisions; a failure names the seed of its history, which PLATEAU_SEED replays.
@Suite struct StatusPropertyTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let replayed = environment["PLATEAU_SEED"].flatMap(UInt64.init)
    private static let count = replayed != nil ? 1 : environment["PLATEAU_TESTS"] == "full" ? 10_000 : 300
    private static let batch = 200

    @Test func `status and periods are those of the model, for every day and every moment of many histories`() async throws {
        let first = Self.replayed ?? .random(in: 0 ... .max / 2)
        try await withLabelFixture { network in
            let writer = HistoryWriter(network: network)
            try await writer.makeCentres(min(Self.count, Self.batch))
            var seen: Set<Character> = []
            var done = 0
            while done < Self.count {
                let seeds = (done..<min(done + Self.batch, Self.count)).map { first + UInt64($0) }
                seen.formUnion(try await Self.compare(seeds, in: writer))
                done += seeds.count
            }
            // Every status occurs, or the histories prove less than they seem to.
            if Self.replayed == nil { #expect(seen.count == HistoryWriter.letters.count, "seen: \(seen.sorted()), seed \(first)") }
        }
        print("label histories: \(Self.count) from seed \(first)")
    }

    /// - Returns: the letters of all statuses that occurred.
    private static func compare(_ seeds: [UInt64], in writer: HistoryWriter) async throws -> Set<Character> {
        let histories = seeds.map { seed in
            var random = SplitMix64(seed: seed)
            return RandomHistory(using: &random)
        }
        try await writer.write(histories)
        let lives = try await writer.lives(of: histories)
        let periods = try await writer.livesByPeriod(of: histories)
        var letters: Set<Character> = []
        for (index, history) in histories.enumerated() {
            let expected = (0...history.facts.count).map { known in
                let model = LabelModel(history, known: known)
                return RandomHistory.askedDays.map { HistoryWriter.letters[model.status(on: $0)] ?? "?" }.joined()
            }
            #expect(lives[index] == expected, "seed \(seeds[index]): \(history.facts)")
            #expect(periods[index] == expected, "periods, seed \(seeds[index]): \(history.facts)")
            for life in expected { letters.formUnion(life) }
        }
        return letters
    }
}
