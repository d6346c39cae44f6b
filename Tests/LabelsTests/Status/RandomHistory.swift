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
