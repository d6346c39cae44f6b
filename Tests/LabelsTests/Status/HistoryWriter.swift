import Kernel
import Labels
import Postgres
import TestSupport

/// Writes many random histories at once, each as the life of a centre of its own, and asks about all of them at once.
struct HistoryWriter {
    /// One letter a status.
    static let letters = [
        "none": "n", "candidate": "c", "labelled": "l", "provisional": "p", "lapsedPending": "w", "suspended": "s", "refused": "r",
        "expired": "e", "withdrawn": "d", "annulled": "a",
    ]

    let network: LabelFixture

    /// Makes the centres 1001 and up.
    func makeCentres(_ count: Int) async throws {
        let numbers = (0..<count).map { 1_001 + $0 }
        let ids = numbers.map { network.identifier(CentreID.self, centre: UInt16($0)).description }
        try await network.run(
            """
            insert into centres.centre (centre_id, id, kind, zone, created_at)
            select u.number, u.id, 'centre', 'Europe/Brussels', '2019-01-01Z' from unnest($1::smallint[], $2::uuid[]) u (number, id)
            """, [Self.array(numbers.map(String.init)), Self.array(ids)])
    }

    func write(_ histories: [RandomHistory]) async throws {
        try await network.run("delete from labels.application_event")
        // Facts stay: only the owner can make room for other histories.
        try await network.run("alter table labels.label_decision disable trigger label_decision_stays")
        try await network.run("delete from labels.label_decision")
        try await network.run("alter table labels.label_decision enable trigger label_decision_stays")
        var decisions = Array(repeating: [String](), count: 8)
        var events = Array(repeating: [String](), count: 6)
        for (number, history) in histories.enumerated() {
            let centre = 1_001 + number
            let ids = history.facts.map { _ in network.identifier(DecisionID.self, centre: UInt16(centre)).description }
            for (index, fact) in history.facts.enumerated() {
                let recorded = RandomHistory.recordedAt(index)
                if fact.kind.isDecision {
                    let row = [
                        "\(centre)", ids[index], fact.kind.rawValue, "\(fact.decidedOn)", "\(fact.from)", fact.to?.description ?? "NULL",
                        fact.target.map { ids[$0] } ?? "NULL", recorded,
                    ]
                    for column in row.indices { decisions[column].append(row[column]) }
                } else {
                    let submission = fact.target ?? index
                    let row = [
                        "\(centre)", ids[submission], fact.kind == .takenBack ? "withdrawn" : "submitted",
                        history.facts[submission].kind.rawValue, "\(fact.from)", recorded,
                    ]
                    for column in row.indices { events[column].append(row[column]) }
                }
            }
        }
        try await network.run(
            """
            insert into labels.label_decision (
                centre_id, id, kind, authority, reference, decided_on, effective_from, effective_to, supersedes, proposed_by,
                approved_by, recorded_at)
            select u.centre, u.id, u.kind, 'Ministre', 'MB', u.decided, u.first, u.last, u.target, gen_random_uuid(), gen_random_uuid(),
                   u.recorded
            from unnest($1::smallint[], $2::uuid[], $3::text[], $4::date[], $5::date[], $6::date[], $7::uuid[], $8::timestamptz[])
                as u (centre, id, kind, decided, first, last, target, recorded)
            """, decisions.map(Self.array))
        try await network.run(
            """
            insert into labels.application_event (centre_id, application_id, event, kind, on_day, recorded_at, recorded_by)
            select u.centre, u.id, u.event, u.kind, u.day, u.recorded, gen_random_uuid()
            from unnest($1::smallint[], $2::uuid[], $3::text[], $4::text[], $5::date[], $6::timestamptz[])
                as u (centre, id, event, kind, day, recorded)
            """, events.map(Self.array))
    }

    /// For each history, and each number of known facts from none to all: the letters of the days asked about.
    func lives(of histories: [RandomHistory]) async throws -> [[String]] {
        var lives = histories.map { _ in [String]() }
        let rows = try await network.run(
            """
            select h.number, h.known, string_agg(($4::jsonb) ->> s.status, '' order by d.day)
            from unnest($1::integer[], $2::integer[], $3::timestamptz[]) as h (number, known, moment)
            cross join unnest($5::date[]) as d (day)
            cross join lateral labels.status_of((1001 + h.number)::smallint, d.day, h.moment) as s
            group by h.number, h.known
            order by h.number, h.known
            """, Self.questions(histories) + [Self.lettersJSON, Self.array(RandomHistory.askedDays.map(\.description))])
        for row in rows { lives[Int(row[0] ?? "") ?? 0].append(row[2] ?? "") }
        return lives
    }

    /// As ``lives(of:)``, by the periods of the whole life; a day in two periods shows as `!`.
    func livesByPeriod(of histories: [RandomHistory]) async throws -> [[String]] {
        var lives = histories.map { _ in [String]() }
        let rows = try await network.run(
            """
            with period as materialized (
                select h.number, h.known, p.*
                from unnest($1::integer[], $2::integer[], $3::timestamptz[]) as h (number, known, moment)
                cross join lateral labels.periods_known((1001 + h.number)::smallint, h.moment) as p
            ), day as (
                select h.number, h.known, d.day, count(p.status) as periods, min(p.status) as status
                from unnest($1::integer[], $2::integer[]) as h (number, known)
                cross join unnest($5::date[]) as d (day)
                left join period p on p.number = h.number and p.known = h.known and p.during @> d.day
                group by h.number, h.known, d.day
            )
            select d.number, d.known,
                   string_agg(case when d.periods > 1 then '!' else ($4::jsonb) ->> coalesce(d.status, 'none') end, '' order by d.day)
            from day d
            group by d.number, d.known
            order by d.number, d.known
            """, Self.questions(histories) + [Self.lettersJSON, Self.array(RandomHistory.askedDays.map(\.description))])
        for row in rows { lives[Int(row[0] ?? "") ?? 0].append(row[2] ?? "") }
        return lives
    }

    private static func questions(_ histories: [RandomHistory]) -> [String] {
        var columns = [[String]](repeating: [], count: 3)
        for (number, history) in histories.enumerated() {
            for known in 0...history.facts.count {
                columns[0].append("\(number)")
                columns[1].append("\(known)")
                columns[2].append(known == 0 ? "2029-11-30Z" : RandomHistory.recordedAt(known - 1))
            }
        }
        return columns.map(array)
    }

    private static let lettersJSON = "{\(letters.map { #""\#($0.key)": "\#($0.value)""# }.joined(separator: ", "))}"

    private static func array(_ values: [String]) -> String { "{\(values.joined(separator: ","))}" }
}
