import Kernel

/// A random life of a label: a few decisions and applications within a month of 2030, recorded a minute apart.
struct RandomHistory {
    enum Kind: String, CaseIterable {
        case grant, provisional, extend, refuse, suspend, lift, withdraw, annul
        case candidate, renewal, secondEvaluation
        /// An application is taken back.
        case takenBack

        var isTerm: Bool { self == .grant || self == .provisional || self == .extend }
        var isApplication: Bool { self == .candidate || self == .renewal || self == .secondEvaluation }
        var isDecision: Bool { !isApplication && self != .takenBack }
    }

    struct Fact {
        let kind: Kind
        let from: LocalDay
        /// The last day; nil: none.
        let to: LocalDay?
        let decidedOn: LocalDay
        /// Index of the decision that it supersedes or annuls, or of the application that it takes back.
        let target: Int?
    }

    /// 2030-01-01.
    static let firstDay = LocalDay(daysSince1970: 21_915)
    static let days = 24
    /// Days asked about: some before the first fact can begin and some after the last can end.
    static let askedDays = (-2..<days + 12).map { firstDay.adding(days: $0) }

    /// In the order of recording.
    let facts: [Fact]

    init(using random: inout some RandomNumberGenerator) {
        var facts: [Fact] = []
        var taken: Set<Int> = []
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            let kind = Kind.allCases.randomElement(using: &random) ?? .grant
            let free = facts.indices.filter { !taken.contains($0) }
            let target: Int? =
                switch kind {
                case .annul: free.filter { facts[$0].kind.isDecision && facts[$0].kind != .annul }.randomElement(using: &random)
                case .takenBack: free.filter { facts[$0].kind.isApplication }.randomElement(using: &random)
                case let kind where kind.isDecision && Int.random(in: 0..<5, using: &random) == 0:
                    free.filter { facts[$0].kind.isDecision && facts[$0].kind != .annul }.randomElement(using: &random)
                default: nil
                }
            if target == nil && (kind == .annul || kind == .takenBack) { continue }
            if let target { taken.insert(target) }
            let from = Self.firstDay.adding(days: Int.random(in: 0..<Self.days, using: &random))
            let hasEnd = kind == .grant || kind == .extend || kind != .refuse && kind != .lift && Bool.random(using: &random)
            facts.append(
                Fact(
                    kind: kind, from: from, to: hasEnd ? from.adding(days: Int.random(in: 0..<10, using: &random)) : nil,
                    decidedOn: Self.firstDay.adding(days: Int.random(in: 0..<Self.days, using: &random)), target: target))
        }
        self.facts = facts
    }

    static func recordedAt(_ index: Int) -> String { "2029-12-01T10:\(index < 10 ? "0" : "")\(index)Z" }
}
