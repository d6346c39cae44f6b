import FoundationEssentials
import Kernel
import Labels
import TestSupport
import Testing

/// What holds for any history of decisions; a failure names its seed, which PLATEAU_SEED replays.
@Suite struct StatusPropertyTests {
    private static let seed = ProcessInfo.processInfo.environment["PLATEAU_SEED"].flatMap(UInt64.init) ?? .random(in: 0 ... .max)
    private static let kinds = ["grant", "provisional", "extend", "refuse", "suspend", "lift", "withdraw", "annul", "submitted"]

    @Test func `periods known equal the status day by day, for 200 histories`() async throws {
        var random = SplitMix64(seed: Self.seed)
        let histories = (0..<200).map { _ in RandomHistory(kinds: Self.kinds, using: &random) }
        let moments = histories.map { history in Int.random(in: 0...(history.facts.last?.minute ?? 0), using: &random) }
        try await withLabelFixture { network in
            for (index, history) in histories.enumerated() {
                try await network.write(history)
                for moment in [Self.recorded(moments[index]), "infinity"] {
                    let differing = try await network.daysThatDiffer(knownAt: moment)
                    #expect(differing == [], "seed \(Self.seed), history \(index), known at \(moment): \(history.facts)")
                }
                #expect(try await network.derivedPeriodsDiffer() == false, "seed \(Self.seed), history \(index)")
            }
        }
    }

    @Test func `the order of recording decides overlaps, for 200 histories`() async throws {
        var random = SplitMix64(seed: Self.seed)
        let histories = (0..<200).map { _ in RandomHistory(kinds: ["grant", "provisional", "extend", "withdraw"], using: &random) }
        let days = histories.map { _ in RandomHistory.firstDay.adding(days: Int.random(in: 0..<RandomHistory.days, using: &random)) }
        try await withLabelFixture { network in
            for (index, history) in histories.enumerated() {
                let ids = try await network.write(history)
                let day = days[index]
                let expected = history.holding(on: day).map { ids[$0].description }
                let found = try await network.holdingDecision(on: day)
                #expect(found == expected, "seed \(Self.seed), history \(index), day \(day): \(history.facts)")
            }
        }
    }

    static func recorded(_ minute: Int) -> String { "2029-12-01T10:\(minute < 10 ? "0" : "")\(minute)Z" }
}

extension RandomHistory {
    /// The model: of the decisions that cover a day and that none supersedes, the one recorded last.
    func holding(on day: LocalDay) -> Int? {
        let superseded = Set(facts.compactMap(\.supersedes))
        return facts.indices.last { index in
            !superseded.contains(index) && facts[index].from <= day && facts[index].to.map { $0 >= day } ?? true
        }
    }
}

extension LabelFixture {
    /// Replaces all facts of centre 1 by a history.
    @discardableResult
    fileprivate func write(_ history: RandomHistory) async throws -> [DecisionID] {
        try await run("delete from labels.application_event")
        try await run("delete from labels.label_decision")
        try await derive()
        var ids: [DecisionID] = []
        for fact in history.facts {
            let moment = StatusPropertyTests.recorded(fact.minute)
            if fact.kind == "submitted" {
                let application: ApplicationID = identifier()
                try await apply(application, on: fact.from.description, recordedAt: moment)
                ids.append(DecisionID(application.rawValue))
            } else {
                ids.append(
                    try await decide(
                        fact.kind, from: fact.from.description, to: fact.to?.description, recordedAt: moment,
                        supersedes: fact.supersedes.map { ids[$0] }))
            }
        }
        return ids
    }

    /// Days, from a week before the first possible fact to two months after the last, on which periods and status disagree.
    fileprivate func daysThatDiffer(knownAt moment: String) async throws -> [String?] {
        try await run(
            """
            select d.day::date::text
            from generate_series($1::date - 7, $1::date + 190, interval '1 day') as d (day)
            cross join lateral labels.status_of(1::smallint, d.day::date, $2::timestamptz) s
            left join labels.periods_known(1::smallint, $2::timestamptz) p on p.during @> d.day::date
            where (s.status, s.decision_id, s.ends_on) is distinct from (coalesce(p.status, 'none'), p.decision_id, p.ends_on)
            """, [RandomHistory.firstDay.description, moment]
        ).map { $0[0] }
    }

    /// Whether the stored periods are other than those known now.
    fileprivate func derivedPeriodsDiffer() async throws -> Bool {
        let rows = try await run(
            """
            (select during, status, decision_id, ends_on from labels.label_period where centre_id = 1
             except select during, status, decision_id, ends_on from labels.periods_known(1::smallint, 'infinity'))
            union all
            (select during, status, decision_id, ends_on from labels.periods_known(1::smallint, 'infinity')
             except select during, status, decision_id, ends_on from labels.label_period where centre_id = 1)
            """)
        return !rows.isEmpty
    }

    /// The decision that covers a day, nil when the status comes from what was before.
    fileprivate func holdingDecision(on day: LocalDay) async throws -> String? {
        let row = try await run(
            """
            select case when s.status in ('labelled', 'provisional', 'withdrawn') then s.decision_id::text end
            from labels.status_of(1::smallint, $1::date, 'infinity') s
            """, [day.description])
        return row[0][0]
    }
}
