import HTTPTypes
import Logging
import Postgres
import TestSupport
import Testing

@Suite("Kits and their locks")
struct KitLockTests {
    @Test func `what is chosen is locked for its own time, though something is cancelled meanwhile`() async throws {
        try await withKits { desk in
            let model = try await desk.addUnits(2)
            let kit = try await desk.kit([#"{"modelId": "\#(model)", "amount": 1}"#])
            let owner = desk.server.database.owner
            try await desk.take(1, of: model, lockingIt: false)
            try await desk.withOther { other in
                _ = try await owner.queryText("begin")
                // The second one's first day, for which the first line waits; meanwhile the first one comes free.
                _ = try await owner.queryText(
                    """
                    select pg_advisory_xact_lock(k)::text
                    from inventory.asset a join platforms.resource r on r.id = a.id,
                         unnest(platforms.room_locks(r, tstzrange($2::timestamptz, $3::timestamptz))) k
                    where a.model_id = $1::uuid and a.inventory_number = 'KIT-0002'
                    """, [model, KitDesk.start, KitDesk.end])
                _ = try await owner.queryText("delete from platforms.occupancy")
                async let looked = desk.look(kit.id, on: ["2027-06-01", "2027-06-02"], in: other)
                try await desk.waitForWaiting()
                _ = try await owner.queryText("commit")
                let found = try await looked
                #expect(found.units == ["KIT-0002", "KIT-0001"])
                #expect(found.unlocked == "0", "somebody else may choose it too")
            }
        }
    }

    @Test func `whoever looks again has given back what it locked before`() async throws {
        try await withKits { desk in
            let model = try await desk.addUnits(7)
            let kit = try await desk.kit([#"{"modelId": "\#(model)", "amount": 1}"#])
            let owner = desk.server.database.owner
            try await desk.withOther { other in
                _ = try await owner.queryText("begin")
                try await desk.take(5, of: model, lockingIt: true)
                async let looked = desk.look(kit.id, on: ["2027-06-01"], in: other)
                try await desk.waitForWaiting()
                _ = try await owner.queryText("commit")
                let found = try await looked
                #expect(found.units == ["KIT-0006"] && found.unlocked == "0")
                #expect(found.held == "2", "the sixth and a spare, and none of the five")
            }
        }
    }

    @Test func `what a booking of a batch names no kit of it takes, whichever comes first`() async throws {
        try await withKits { desk in
            let free = try await desk.kit([desk.ofModel(1)])
            let named = try await desk.kit([desk.unit(0)], name: "Nommé")
            let cases = [(1, "kitId", true), (2, "kitId", false), (3, "resourceId", true), (4, "resourceId", false)]
            for (day, member, isFirst) in cases {
                let (start, end) = ("2027-06-0\(day)T09:00:00Z", "2027-06-0\(day)T11:00:00Z")
                let thing = member == "kitId" ? named.id : "\(desk.network.units[0])"
                let naming = desk.booking(#"{"\#(member)": "\#(thing)", "start": "\#(start)", "end": "\#(end)"}"#)
                let choosing = desk.booking(desk.line(free.id, from: start, to: end))
                let made = try await desk.batch("atomic", isFirst ? [naming, choosing] : [choosing, naming])
                #expect(made.status == .created, "\(member), first: \(isFirst): \(made.body)")
            }
            #expect(try await desk.exchanges() == "0", "chosen aside, nobody has to be given another")
        }
    }

    @Test func `kits of a batch choose for their own times, several in a booking too`() async throws {
        try await withKits { desk in
            let one = try await desk.kit([desk.ofModel(1)])
            let other = try await desk.kit([desk.ofModel(1)], name: "Autre")
            #expect(try await desk.book(line: desk.unit(0)).status == .created)
            let next = ("2027-06-02T09:00:00Z", "2027-06-02T11:00:00Z")
            let both = [one.id, other.id].map { desk.line($0, from: next.0, to: next.1) }.joined(separator: ", ")
            let made = try await desk.batch("atomic", [desk.booking(desk.line(one.id)), desk.booking(both)])
            #expect(made.status == .created, "\(made.body)")
            let chosen = try await desk.server.database.owner.queryText(
                """
                select to_char(l.starts at time zone 'UTC', 'DD'), a.inventory_number
                from bookings.line l
                join bookings.kit_line k on k.booking_id = l.booking_id and k.resource_id = l.resource_id
                join inventory.asset a on a.id = l.resource_id
                order by 1, 2
                """)
            #expect(chosen == [["01", "INV-2"], ["02", "INV-1"], ["02", "INV-2"]])
        }
    }
}

extension KitDesk {
    /// What a look came to.
    struct Look: Sendable {
        /// By their inventory numbers, in the order of the lines.
        let units: [String?]
        /// How many locks are held.
        let held: String?
        /// How many of the rooms of the units are not locked.
        let unlocked: String?
    }

    func booking(_ lines: String) -> String { #"{"activity": "demonstration", "lines": [\#(lines)]}"# }

    /// Runs `body` with another session of the owner.
    func withOther(_ body: (PostgresSession) async throws -> Void) async throws {
        let session = try await PostgresSession.connect(
            try await TestCluster.shared.connectionString(role: "plateau_owner", database: server.database.name),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let result: Result<Void, any Error>
        do { result = .success(try await body(session)) } catch { result = .failure(error) }
        await session.close()
        try result.get()
    }

    /// Takes the first units of a model at the usual time.
    func take(_ count: Int, of model: String, lockingIt: Bool) async throws {
        let units = """
            (select r from inventory.asset a join platforms.resource r on r.id = a.id where a.model_id = $1::uuid
             order by a.inventory_number limit $2::int) u
            """
        let values = [model, "\(count)", Self.start, Self.end]
        if lockingIt {
            _ = try await server.database.owner.queryText(
                """
                select pg_advisory_xact_lock(k)::text
                from \(units), unnest(platforms.room_locks(u.r, tstzrange($3::timestamptz, $4::timestamptz))) k
                """, values)
        }
        _ = try await server.database.owner.queryText(
            """
            select platforms.occupy(u.r, 'Europe/Brussels', tstzrange($3::timestamptz, $4::timestamptz), 1, gen_random_uuid(), 1::int2,
                                    $5::uuid)::text
            from \(units)
            """, values + ["\(network.company)"])
    }

    /// Locks what a kit comes to on some days, from nine to eleven, and lets it go.
    func look(_ kit: String, on days: [String], in session: PostgresSession) async throws -> Look {
        _ = try await session.queryText("begin")
        let chosen = try await session.queryText(
            """
            with line as (
                select array_agg($1::uuid) as things, array_agg(true) as are_kits, array_agg(null::uuid) as models,
                       array_agg((d + time '09:00') at time zone 'UTC' order by d) as starts,
                       array_agg((d + time '11:00') at time zone 'UTC' order by d) as ends, array_agg(0) as seats,
                       array_agg(-1) as persons, array_agg($2::uuid) as organisations
                from unnest($3::date[]) d)
            select a.inventory_number, p.resource_id::text, p.starts::text, p.ends::text
            from line
            cross join lateral bookings.lock_kits(
                line.things, line.are_kits, line.models, line.starts, line.ends, line.seats, line.persons, line.organisations, '{}',
                1::int2, 1000) l
            cross join lateral unnest(l.pieces) p
            join inventory.asset a on a.id = p.resource_id
            order by p.asked
            """, [kit, "\(network.company)", "{\(days.joined(separator: ","))}"])
        let columns = (1...3).map { column in "{\(chosen.compactMap { $0[column].map { "\"\($0)\"" } }.joined(separator: ","))}" }
        let locks = try await session.queryText(
            """
            with held as materialized (
                select (l.classid::bigint << 32) | l.objid::bigint as key
                from pg_locks l where l.locktype = 'advisory' and l.objsubid = 1 and l.granted and l.pid = pg_backend_pid())
            select (select count(*)::text from held), count(*)::text
            from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) as p (resource_id, starts, ends)
            join platforms.resource r on r.id = p.resource_id
            cross join lateral unnest(platforms.room_locks(r, tstzrange(p.starts, p.ends))) as k (key)
            where not exists (select from held h where h.key = k.key)
            """, columns)
        _ = try await session.queryText("rollback")
        return Look(units: chosen.map { $0[0] }, held: locks[0][0], unlocked: locks[0][1])
    }
}
