import FoundationEssentials
import Kernel
import Postgres
import TestSupport
import Testing

/// What is suggested is compared with the guard itself, asked for every start there is.
@Suite("Find any against every start")
struct SuggestionModelTests {
    private static var isFull: Bool { ProcessInfo.processInfo.environment["PLATEAU_TESTS"] == "full" }

    /// The seed of an earlier run is replayed with `PLATEAU_SUGGESTION_SEED`.
    private static var seed: UInt64 {
        ProcessInfo.processInfo.environment["PLATEAU_SUGGESTION_SEED"].flatMap(UInt64.init) ?? (isFull ? .random(in: 0...(.max)) : 7)
    }

    @Test func `every start that could be booked is suggested, none that could not, in order, and every absence says why`() async throws {
        let seed = Self.seed
        print("find any, seed \(seed)")
        try await withSuggestionDesk { made in
            var (desk, random) = (made, SplitMix64(seed: seed))
            var seen = (starts: 0, absences: 0, codes: Set<String>())
            for round in 0..<(Self.isFull ? 60 : 4) {
                try await desk.shuffle(using: &random)
                let need = SuggestionDesk.Need(desk, using: &random)
                let said = try await desk.ask(need)
                let told = try SuggestionDesk.starts(said.items, grids: await desk.grids())
                let bookable = try await desk.bookable(need)
                let context = "seed \(seed), round \(round): \(need)"
                #expect(bookable.subtracting(told).isEmpty, "missed, \(context)")
                #expect(told.subtracting(bookable).isEmpty, "could not be booked, \(context)")
                #expect(said.order == said.order.sorted(), "not in order, \(context)")
                let named = Set(said.items.map(\.resource)).union(said.absences.keys)
                #expect(named == Set(desk.resources), "untold, \(context)")
                #expect(said.absences.values.allSatisfy { !$0.isEmpty }, "unexplained, \(context)")
                seen.starts += told.count
                seen.absences += said.absences.count
                seen.codes.formUnion(said.absences.values.joined())
            }
            print("find any, seed \(seed): \(seen.starts) starts, \(seen.absences) absences, \(seen.codes.sorted().joined(separator: " "))")
            #expect(seen.starts > 0 && seen.absences > 0 && seen.codes.count > 3)
        }
    }

    @Test func `starts lie on the grid of each local day, on the days on which the clock is changed too`() async throws {
        try await withTestDatabase { database in
            let rows = try await database.owner.queryText(
                """
                with moment as (
                    select m as at, z.zone, g.grid
                    from (values ('Europe/Brussels'), ('Atlantic/Azores')) z (zone), (values (7), (15), (45), (90), (1440)) g (grid),
                         unnest(array['2026-10-24 20:00+00', '2027-03-27 20:00+00', '2027-06-01 10:00+00']::timestamptz[]) d,
                         generate_series(d, d + interval '30 hours', interval '47 minutes 13 seconds') m
                ), judged as (
                    select t.*, platforms.start_after(t.at, t.zone, t.grid) as next, platforms.start_before(t.at, t.zone, t.grid) as last,
                           (select min(x)
                            from generate_series(
                                date_trunc('minute', t.at + interval '59 seconds'), t.at + interval '26 hours', interval '1 minute') x
                            where extract(epoch from (x at time zone t.zone)::time)::integer % (60 * t.grid) = 0) as naive_next,
                           (select max(x)
                            from generate_series(date_trunc('minute', t.at), t.at - interval '26 hours', interval '-1 minute') x
                            where extract(epoch from (x at time zone t.zone)::time)::integer % (60 * t.grid) = 0) as naive_last
                    from moment t
                )
                select count(*), count(*) filter (where next <> naive_next or last <> naive_last) from judged
                """)
            #expect(rows.first?[1] == "0", "of \(rows.first?[0] ?? "")")
        }
    }
}
