import Kernel

/// The status of a label as the domain tells it, day by day: each fact in the order of recording changes what is written on its days.
///
/// Written for its clearness alone, from the words of the domain and not from the database's function.
struct LabelModel {
    private struct Page {
        /// The term or withdrawal that holds the day.
        var holder: Int?
        var hadTerm = false
        /// Whether the last answer so far was a refusal.
        var isRefused = false
        var isSuspended = false
    }

    private let facts: [RandomHistory.Fact]
    /// Those of the facts that count.
    private let live: [Int]
    private var pages: [LocalDay: Page] = [:]

    /// - Parameter known: how many facts were recorded by then.
    init(_ history: RandomHistory, known: Int) {
        facts = Array(history.facts.prefix(known))
        let all = facts
        live = all.indices.filter { index in
            // What a later decision supersedes is as if never taken; a term that is annulled is annulled on days, below.
            !all.contains { $0.kind.isDecision && $0.target == index && !($0.kind == .annul && all[index].kind.isTerm) }
        }
        for day in RandomHistory.askedDays { pages[day] = Page() }
        for index in live { write(index) }
    }

    private mutating func write(_ index: Int) {
        let fact = facts[index]
        for day in RandomHistory.askedDays where day >= fact.from {
            var page = pages[day] ?? Page()
            switch fact.kind {
            case .grant, .provisional, .extend:
                // What has no last day of its own ends where a later term begins that reaches it.
                if let holder = page.holder, facts[holder].to == nil, fact.to.map({ $0 >= facts[holder].from }) ?? true {
                    page.holder = nil
                }
                if covers(fact, day) { page.holder = index }
                page.hadTerm = true
                page.isRefused = false
            case .withdraw:
                if covers(fact, day) { page.holder = index }
            case .refuse:
                // Leaves a running term untouched, unless that is provisional and has no end.
                if let holder = page.holder, facts[holder].kind == .provisional, facts[holder].to == nil { page.holder = nil }
                page.isRefused = true
            case .suspend:
                if covers(fact, day) { page.isSuspended = true }
            case .lift:
                page.isSuspended = false
            case .annul, .candidate, .renewal, .secondEvaluation, .takenBack: break
            }
            pages[day] = page
        }
    }

    private func covers(_ fact: RandomHistory.Fact, _ day: LocalDay) -> Bool {
        fact.from <= day && day <= fact.to ?? day
    }

    func status(on day: LocalDay) -> String {
        guard let page = pages[day] else { return "?" }
        let before = standing(page, on: day)
        return page.isSuspended && ["labelled", "provisional", "lapsedPending"].contains(before) ? "suspended" : before
    }

    private func standing(_ page: Page, on day: LocalDay) -> String {
        if let holder = page.holder {
            if facts[holder].kind == .withdraw { return "withdrawn" }
            if live.contains(where: { facts[$0].kind == .annul && facts[$0].target == holder && covers(facts[$0], day) }) {
                return "annulled"
            }
            return facts[holder].kind == .provisional ? "provisional" : "labelled"
        }
        let waiting = facts.indices.filter { isWaiting($0, on: day) }.map { facts[$0].kind }
        if page.isRefused { return waiting.isEmpty ? "refused" : "candidate" }
        if page.hadTerm && waiting.contains(where: { $0 != .candidate }) { return "lapsedPending" }
        if !waiting.isEmpty { return "candidate" }
        return page.hadTerm ? "expired" : "none"
    }

    /// Submitted, not taken back, and not answered by a grant, a provisional label or a refusal of that day or later.
    private func isWaiting(_ index: Int, on day: LocalDay) -> Bool {
        let application = facts[index]
        guard application.kind.isApplication, application.from <= day else { return false }
        if facts.contains(where: { $0.kind == .takenBack && $0.target == index && $0.from <= day }) { return false }
        return !live.contains { [.grant, .provisional, .refuse].contains(facts[$0].kind) && facts[$0].decidedOn >= application.from }
    }
}
