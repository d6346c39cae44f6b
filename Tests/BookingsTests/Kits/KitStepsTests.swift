import FoundationEssentials
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("When a kit is free, against a naive count")
struct KitStepsTests {
    private static var environment: [String: String] { ProcessInfo.processInfo.environment }
    private static var isFull: Bool { environment["PLATEAU_TESTS"] == "full" }

    /// The seed of an earlier run is replayed with `PLATEAU_KIT_SEED`.
    private static var seed: UInt64 {
        environment["PLATEAU_KIT_SEED"].flatMap(UInt64.init) ?? (isFull ? .random(in: 0...(.max)) : 2027)
    }

    @Test func `the same members are lacking as a count at every quarter of an hour finds`() async throws {
        try await withKits { desk in
            let seed = Self.seed
            var random = SplitMix64(seed: seed)
            let model = try await desk.addUnits(4)
            let owner = desk.server.database.owner
            let units = try await owner.queryText("select id::text from inventory.asset where model_id = $1::uuid", [model])
            let ids = units.compactMap { $0[0] }.sorted()
            var moments = 0
            var lacking = 0
            for world in 1...(Self.isFull ? 200 : 20) {
                let kit = try await desk.kit(
                    [
                        desk.seats(.random(in: 1...12, using: &random)), desk.items(.random(in: 1...40, using: &random)),
                        desk.unit(0), #"{"modelId": "\#(model)", "amount": \#(Int.random(in: 1...4, using: &random))}"#,
                    ], name: "Kit \(world)")
                let things = ["\(desk.network.platform)", desk.stock, "\(desk.network.units[0])"] + ids
                try await Self.fill(things, units: [things[2]] + ids, desk, &random)
                let row = try await owner.queryText(
                    Self.comparison, [kit.id, "\(desk.network.company)", "2027-06-01T00:00:00Z", "2027-06-03T00:00:00Z"])[0]
                #expect(row[2] == nil, "seed \(seed), world \(world): they differ at \(row[2] ?? "")")
                moments += row[0].flatMap(Int.init) ?? 0
                lacking += row[1].flatMap(Int.init) ?? 0
            }
            #expect(lacking > moments / 10 && lacking < moments, "both answers are tried: \(lacking) of \(moments)")
            print("kit steps, seed \(seed): \(lacking) of \(moments) moments lack something")
        }
    }

    /// Some of everything is taken, some units are lent, borrowed or repaired, for whole quarters of an hour.
    private static func fill(_ things: [String], units: [String], _ desk: KitDesk, _ random: inout SplitMix64) async throws {
        let owner = desk.server.database.owner
        let company = "\(desk.network.company)"
        try await owner.execute(
            script: """
                delete from platforms.occupancy;
                delete from maintenance.loan;
                update inventory.asset
                set state = 'inService', loaned_until = null, expected_at = null, is_mobile = true, platform_id = null;
                """)
        for _ in 0..<20 {
            guard let thing = things.randomElement(using: &random) else { continue }
            let minutes = 15 * Int.random(in: 1...40, using: &random)
            let seats = thing == things[0] ? Int.random(in: 1...6, using: &random) : thing == things[1] ? 15 : 1
            _ = try await owner.queryText(
                """
                select platforms.occupy(r, 'Europe/Brussels', m.slot, $1::int, gen_random_uuid(), 1::int2, $2::uuid)::text
                from platforms.resource r,
                    (select tstzrange(s, s + make_interval(mins => $3::int)) as slot
                     from (select timestamptz '2027-06-01 00:00Z' + make_interval(mins => $4::int) as s) b) m
                where r.id = $5::uuid and platforms.has_room(r, m.slot, $1::int)
                """, ["\(seats)", company, "\(minutes)", Self.moment(&random), thing])
        }
        for unit in units {
            switch Int.random(in: 0..<5, using: &random) {
            case 0:
                _ = try await owner.queryText(
                    """
                    insert into maintenance.loan (
                        centre_id, id, asset_id, borrower, during, proposed_by_centre, proposed_at, proposed_by, state, decided_at,
                        decided_by)
                    select 1, gen_random_uuid(), $1::uuid, 0, tstzrange(s, s + interval '5 hours'), 1, now(), $2::uuid, 'accepted', now(),
                           $2::uuid
                    from (select timestamptz '2027-06-01 00:00Z' + make_interval(mins => $3::int) as s) m
                    """, [unit, company, Self.moment(&random)])
            case 1:
                _ = try await owner.queryText(
                    """
                    update inventory.asset
                    set state = 'loanedIn', loaned_until = timestamptz '2027-06-01 00:00Z' + make_interval(mins => $2::int)
                    where id = $1::uuid
                    """, [unit, Self.moment(&random)])
            case 2:
                _ = try await owner.queryText(
                    """
                    update inventory.asset
                    set state = 'inRepair', expected_at = timestamptz '2027-06-01 00:00Z' + make_interval(mins => $2::int)
                    where id = $1::uuid
                    """, [unit, Self.moment(&random)])
            default: break
            }
        }
    }

    /// Minutes from the first day's midnight in UTC, a whole quarter of an hour.
    private static func moment(_ random: inout SplitMix64) -> String {
        "\(15 * Int.random(in: 0..<192, using: &random))"
    }

    /// How many moments were looked at, at how many something is lacking, and the first at which the steps say something else.
    private static let comparison = """
        with naive as (
            select w.t, array(
                select m.number::integer
                from inventory.kit_member m
                where m.kit_id = $1::uuid and case
                    when m.resource_id is not null then exists (
                        select from platforms.resource r left join inventory.asset a on a.id = r.id
                        where r.id = m.resource_id
                          and (not coalesce(a.usable @> w.t, true)
                               or exists (select from maintenance.loan l where l.asset_id = r.id and l.during @> w.t)
                               or r.capacity - m.amount < (
                                   select coalesce(sum(o.seats), 0) from platforms.occupancy o
                                   where o.resource_id = r.id and o.starts <= w.t and o.ends > w.t)))
                    else m.amount > (
                        select count(*) from inventory.asset a
                        where a.model_id = m.model_id and a.usable @> w.t
                          and not exists (select from maintenance.loan l where l.asset_id = a.id and l.during @> w.t)
                          and not exists (select from platforms.occupancy o
                                          where o.resource_id = a.id and o.starts <= w.t and o.ends > w.t)) end
                order by m.number) as lacking
            from generate_series($3::timestamptz + interval '7 minutes', $4::timestamptz, interval '15 minutes') as w (t)
        )
        select count(*)::text, (count(*) filter (where n.lacking <> '{}'))::text,
               (min(n.t) filter (where s.lacking is distinct from n.lacking))::text
        from naive n
        left join bookings.kit_steps($1::uuid, $2::uuid, $3::timestamptz, $4::timestamptz) s on s.starts <= n.t and s.ends > n.t
        """
}
