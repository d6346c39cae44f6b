import Logging
import Postgres
import TestSupport
import Testing

/// A small network with a booking in a series, and two sessions of the owner to act in.
///
/// In SQL `it('booked')` is the id of what is called so, in every session of the database; `try_booking` is one call of the function
/// that books, so that its parameters stand in one place.
struct GuardStage {
    let database: TestDatabase
    /// Asks.
    let asker: PostgresSession
    /// Stands in the way.
    let other: PostgresSession

    static func with<T: Sendable>(_ body: @Sendable (GuardStage) async throws -> T) async throws -> T {
        try await withTestDatabase { database in
            let network = try await TestNetwork.make(in: database)
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let other = try await PostgresSession.connect(
                try await TestCluster.shared.connectionString(role: "plateau_owner", database: database.name), logger: logger)
            let stage = GuardStage(database: database, asker: database.owner, other: other)
            try await stage.name(network)
            try await stage.asker.execute(script: scenery)
            let value = try await body(stage)
            await other.close()
            return value
        }
    }

    private func name(_ network: TestNetwork) async throws {
        try await asker.execute(script: "create table public.called (name text primary key, id uuid not null)")
        var names = [
            "platform": "\(network.platform)", "unit": "\(network.units[0])", "site": "\(network.site)", "company": "\(network.company)",
            "school": "\(network.school)", "centre": "\(network.centreOrganisation)", "grant": "\(network.grant)",
        ]
        for (role, key) in network.keys { names["\(role)_key"] = "\(key)" }
        for (name, id) in names { _ = try await asker.queryText("insert into public.called values ($1, $2)", [name, id]) }
    }

    /// Runs a query in a transaction that leaves nothing behind; gives its first value.
    ///
    /// - Parameter given: commands before it, in the same transaction.
    func ask(_ query: String, given: String = "", patience: String = "5s") async throws -> String? {
        try await asker.execute(script: "begin")
        _ = try await asker.queryText("select set_config('lock_timeout', $1, true)", [patience])
        let result: Result<String?, any Error>
        do {
            if !given.isEmpty { try await asker.execute(script: given) }
            result = .success(try await asker.queryText(query).first?.first ?? nil)
        } catch {
            result = .failure(error)
        }
        try await asker.execute(script: "rollback")
        return try result.get()
    }

    /// Asks while the other session holds what `held` takes.
    func ask(_ query: String, given: String = "", whileHeld held: String) async throws -> String? {
        try await other.execute(script: "begin")
        _ = try await other.queryText(held)
        let result: Result<String?, any Error>
        do { result = .success(try await ask(query, given: given, patience: "50ms")) } catch { result = .failure(error) }
        try await other.execute(script: "rollback")
        return try result.get()
    }

    /// Until somebody waits for what the other session holds.
    func awaitWaiter() async throws {
        for _ in 0..<400 {
            let waits = try await other.queryText(
                "select exists (select from pg_locks l where not l.granted and pg_backend_pid() = any (pg_blocking_pids(l.pid)))::text")
            if waits[0][0] == "true" { return }
            try await Task.sleep(for: .milliseconds(25))
        }
        Issue.record("nobody has waited for ten seconds")
    }

    private static let scenery = """
        insert into public.called values
            ('booked', '01990000-0000-7000-8400-000000000001'), ('new', '01990000-0000-7000-8400-000000000002'),
            ('newer', '01990000-0000-7000-8400-000000000003'), ('series', '01990000-0000-7000-8400-000000000004'),
            ('change', '01990000-0000-7000-8400-000000000005'), ('proposal', '01990000-0000-7000-8400-000000000006'),
            ('withdrawn', '01990000-0000-7000-8400-000000000007'), ('stranger_key', '01990000-0000-7000-8400-000000000008'),
            ('person', '01990000-0000-7000-8400-00000000000b'), ('held', '01990000-0000-7000-8400-00000000000c'),
            ('course', '01990000-0000-7000-8400-00000000000d');
        create function public.it(p_name text) returns uuid language plpgsql stable as $$
        begin
            return (select id from public.called where name = p_name);
        end
        $$;
        create function public.reference(p_name text) returns text language sql stable as $$
            select case p_name when 'booked' then '7K3QZ-09M4X' when 'new' then '7K3QZ-09M5X' else '7K3QZ-09M6X' end
        $$;
        create function public.try_booking(
            p_name text, p_key text default 'company_key', p_organisation text default 'company', p_resource text default 'platform',
            p_seats integer default 1, p_idempotency_key text default null, p_hash bytea default null, p_hour integer default 8,
            p_audiences text[] default '{}', p_dry_run boolean default false
        ) returns text language sql as $$
            select (bookings.reserve(
                it(p_name), reference(p_name), it(p_key), it(p_organisation), 'demonstration', p_audiences,
                array_fill(1, array[cardinality(p_audiences)]), 0, null, null, null, null, array[it(p_resource)],
                array[timestamptz '2027-06-01T00:00Z' + make_interval(hours => p_hour)],
                array[timestamptz '2027-06-01T02:00Z' + make_interval(hours => p_hour)], array[p_seats], p_idempotency_key, p_hash,
                p_dry_run)).outcome
        $$;
        create function public.try_course(p_name text) returns text language sql as $$
            select (bookings.reserve(
                it(p_name), reference(p_name), it('company_key'), it('company'), 'demonstration', '{}', '{}', 0, null, null, null, null,
                array[it('platform')], '{2027-06-01T08:00Z}', '{2027-06-01T10:00Z}', '{1}', null, null, false,
                p_offer => it('course'))).outcome
        $$;
        create function public.withdraw_course() returns text language sql as $$
            select outcome from offers.withdraw_offer(1::int2, it('course'), 1, it('manager_key'), 'r')
        $$;
        create function public.try_series() returns text language sql as $$
            select outcome from bookings.reserve_series(
                '01990000-0000-7000-8400-00000000000a', 'FREQ=DAILY;COUNT=1', '{}', '{}', 'Europe/Brussels', 'atomic', it('company_key'),
                it('company'), 'demonstration', '{}', '{}', 0, null, null, null, null, array[it('platform')], '{1}', array[it('new')],
                array[reference('new')], '{2027-06-01T08:00Z}', '{2027-06-01T08:00Z}', '{2027-06-01T10:00Z}', false)
        $$;
        create function public.try_series_change(p_version integer) returns text language sql as $$
            select outcome from bookings.change_series(
                it('series'), it('company_key'), p_version, 'moved', array[it('platform')], '{1}', '{1}', array[it('new')],
                array[reference('new')], '{2027-06-02T08:00Z}', '{2027-06-02T10:00Z}', false)
        $$;
        create function public.try_change(p_version integer, p_capacity integer default 12) returns text language sql as $$
            select outcome from platforms.change_resource(
                1::int2, it('platform'), p_version, 'Hall', true, p_capacity, 0, 0, 15, 3000, 15, 0, 1000)
        $$;
        create function public.room() returns setof bigint language sql as $$
            select k from platforms.resource r,
                unnest(platforms.room_locks(r, '[2027-06-01T08:00Z, 2027-06-01T10:00Z)')) k where r.id = it('platform')
        $$;
        create function public.place() returns integer language sql as $$
            select (plateau.low_bits('01990000-0000-7000-8400-00000000000a') & 3)::integer
        $$;
        do $$ begin assert try_booking('booked', p_seats => 2) = 'created'; end $$;
        insert into bookings.series (
            centre_id, id, organisation_id, centres, rule, excluded, additional, zone, mode, created_at, created_by)
        values (1, it('series'), it('company'), '{1}', 'FREQ=DAILY;COUNT=1', '{}', '{}', 'Europe/Brussels', 'atomic', now(),
                it('company_key'));
        update bookings.booking set series_id = it('series'), occurrence = 1, occurrence_starts = starts;
        insert into attestations.type (code, name, holder, proof, changed_at, changed_by)
        values ('licence', 'Licence', 'person', 'atBooking', now(), it('network_key'));
        do $$ begin
            assert attestations.add_holder(it('person'), it('company'), 'P-1', it('company_key')) = 'added';
            assert attestations.record(it('held'), it('person'), 'licence', null, null, 'fictif', null, '2026-01-01', null,
                                       it('company_key')) = 'recorded';
        end $$;
        do $$ begin
            assert offers.create_offer(1::int2, it('course'), it('manager_key'), 'catalogue', 'C', 'Course', null, 'metal', '{}',
                                       '{worker}', '{}', null, null, null, '2026-01-01', null) = 'created';
        end $$;
        insert into bookings.label_change (centre_id, id, cause, subject_id, changed, recorded_at, key_id, planned)
        values (1, it('change'), 'decision', it('change'), '{}', now(), it('authority_key'), 1);
        insert into bookings.label_effect (centre_id, change_id, number, booking_id, planned)
        values (1, it('change'), 1, it('booked'), 'restored');
        do $$ begin
            assert labels.propose_decision(1::int2, it('proposal'), 'suspend', 'government', 'fictif', '2026-01-01', '2027-06-01',
                '2027-06-02', null, null, it('authority_key')) = 'proposed';
            assert labels.propose_decision(1::int2, it('withdrawn'), 'suspend', 'government', 'fictif', '2026-01-01', '2027-06-01',
                '2027-06-02', null, null, it('authority_key')) = 'proposed';
            assert labels.withdraw_proposal(1::int2, it('withdrawn'), it('authority_key')) = 'withdrawn';
        end $$;
        """
}
