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
                try await owner.execute(script: Self.script(things, units: [things[2]] + ids, desk, &random))
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
    private static func script(_ things: [String], units: [String], _ desk: KitDesk, _ random: inout SplitMix64) -> String {
        func moment() -> String {
            "(timestamptz '2027-06-01 00:00Z' + interval '\(15 * Int.random(in: 0..<192, using: &random)) minutes')"
        }
        var script = """
            delete from platforms.occupancy;
            delete from maintenance.loan;
            update inventory.asset
            set state = 'inService', loaned_until = null, expected_at = null, is_mobile = true, platform_id = null;
            """
        for _ in 0..<20 {
            guard let thing = things.randomElement(using: &random) else { continue }
            let slot = "tstzrange(s, s + interval '\(15 * Int.random(in: 1...40, using: &random)) minutes')"
            let seats = thing == things[0] ? Int.random(in: 1...6, using: &random) : thing == things[1] ? 15 : 1
            script += """
                select platforms.occupy(r, 'Europe/Brussels', \(slot), \(seats), gen_random_uuid(), 1::int2, '\(desk.network.company)')
                from platforms.resource r, (select \(moment()) as s) m where r.id = '\(thing)' and platforms.has_room(r, \(slot), \(seats));
                """
        }
        for unit in units {
            switch Int.random(in: 0..<5, using: &random) {
            case 0:
                script += """
                    insert into maintenance.loan (
                        centre_id, id, asset_id, borrower, during, proposed_by_centre, proposed_at, proposed_by, state, decided_at,
                        decided_by)
                    select 1, gen_random_uuid(), '\(unit)', 0, tstzrange(s, s + interval '5 hours'), 1, now(), '\(desk.network.company)',
                           'accepted', now(), '\(desk.network.company)' from (select \(moment()) as s) m;
                    """
            case 1: script += "update inventory.asset set state = 'loanedIn', loaned_until = \(moment()) where id = '\(unit)';"
            case 2: script += "update inventory.asset set state = 'inRepair', expected_at = \(moment()) where id = '\(unit)';"
            default: break
            }
        }
        return script
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
