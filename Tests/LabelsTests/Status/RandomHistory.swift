import Kernel

/// A random life of a label: a few decisions and applications within four months of 2030.
struct RandomHistory {
    struct Fact {
        let kind: String
        let from: LocalDay
        let to: LocalDay?
        /// Minutes after the first fact; distinct and ascending.
        let minute: Int
        /// Index of an earlier fact.
        let supersedes: Int?
    }

    /// 2030-01-01.
    static let firstDay = LocalDay(daysSince1970: 21_915)
    static let days = 120

    let facts: [Fact]

    /// - Parameter kinds: of decisions; applications are called `submitted`.
    init(kinds: [String], using random: inout some RandomNumberGenerator) {
        var facts: [Fact] = []
        var superseded: Set<Int> = []
        for minute in 0..<Int.random(in: 1...7, using: &random) {
            let kind = kinds.randomElement(using: &random) ?? "grant"
            let from = Self.firstDay.adding(days: Int.random(in: 0..<Self.days, using: &random))
            let mayBeOpen = !["grant", "extend"].contains(kind)
            let isOpen = mayBeOpen && Bool.random(using: &random)
            let to = isOpen ? nil : from.adding(days: Int.random(in: 0..<60, using: &random))
            let candidates = facts.indices.filter { !superseded.contains($0) && facts[$0].kind != "submitted" }
            let wantsOne = kind == "annul" || kind != "submitted" && Int.random(in: 0..<6, using: &random) == 0
            let target = wantsOne ? candidates.randomElement(using: &random) : nil
            if kind == "annul" && target == nil { continue }
            if let target { superseded.insert(target) }
            facts.append(Fact(kind: kind, from: from, to: kind == "submitted" ? nil : to, minute: minute, supersedes: target))
        }
        self.facts = facts
    }
}

/// SplitMix64: a seed tells the whole run.
struct SeededRandomness: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
