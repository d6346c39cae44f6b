import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("What the server's role may do by itself")
struct PrivacyTests {
    @Test
    func `every table and view of the schema is declared readable, guarded or closed`() async throws {
        try await withTestDatabase { database in
            let there = try await database.owner.queryText(
                """
                select format('%s.%s', c.relnamespace::regnamespace, c.relname)
                from pg_class c
                where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
                  and has_schema_privilege('plateau_app', c.relnamespace, 'usage')
                  and has_any_column_privilege('plateau_app', c.oid, 'select, insert, update, references')
                   or c.relkind in ('r', 'p') and c.relnamespace::regnamespace::text in
                      ('access', 'centres', 'labels', 'platforms', 'inventory', 'offers', 'attestations', 'bookings', 'maintenance',
                       'utilisation', 'jobs', 'delivery')
                """)
            #expect(Set(there.compactMap { $0[0] }) == Set(TableAccess.ofEveryTable.keys))
        }
    }

    @Test
    func `every guarded table forces row-level security, and its policies for the server only read`() async throws {
        try await withTestDatabase { database in
            let guarded = TableAccess.tables { $0 == .guarded || $0 == .closed }
            let open = try await database.owner.queryText(
                """
                select t from unnest($1::text[]) t join pg_class c on c.oid = t::regclass
                where case c.relkind when 'v' then not coalesce(c.reloptions @> '{security_invoker=true}', false)
                                     else not (c.relrowsecurity and c.relforcerowsecurity) end
                   or exists (select from pg_policy p where p.polrelid = c.oid and p.polcmd <> 'r'
                              and (p.polroles = '{0}' or 'plateau_app'::regrole = any (p.polroles)))
                """, ["{\(guarded.joined(separator: ","))}"])
            #expect(open == [])
        }
    }

    @Test
    func `without an actor and as a stranger a guarded table with rows shows none`() async throws {
        try await withTestServer { server in
            try await Self.fill(server)
            let stranger = "set plateau.organisation = '01a031f3-2a54-7000-83cb-c20d0f8a7abf'; set plateau.centres = '{77}'"
            for table in TableAccess.tables({ $0 == .guarded }) {
                let rows = try await server.database.owner.queryText("select count(*) from \(table)")
                #expect(rows != [["0"]], "\(table) has no row to hide")
                try await Self.asServer(in: server.database) { session in
                    let unnamed = try await session.queryText("select count(*) from \(table)")
                    #expect(unnamed == [["0"]], "\(table), without an actor")
                    try await session.execute(script: stranger)
                    let strange = try await session.queryText("select count(*) from \(table)")
                    #expect(strange == [["0"]], "\(table), as a stranger")
                }
            }
        }
    }

    @Test
    func `a closed table cannot even be asked`() async throws {
        try await withTestServer { server in
            try await Self.fill(server)
            for table in TableAccess.tables({ $0 == .closed }) {
                let rows = try await server.database.owner.queryText("select count(*) from \(table)")
                #expect(rows != [["0"]], "\(table) has no row to hide")
                try await Self.expectRefusal(of: "select count(*) from \(table)", in: server.database)
            }
        }
    }

    @Test
    func `the server writes no table but through functions`() async throws {
        try await withTestDatabase { database in
            // One database for all: none of them is changed.
            for table in TableAccess.ofEveryTable.keys.filter({ !TableAccess.views.contains($0) }).sorted() {
                let column = try await database.owner.queryText(
                    "select attname from pg_attribute where attrelid = $1::regclass and attnum = 1", [table])
                let name = try #require(column.first?.first ?? nil)
                for command in [
                    "insert into \(table) default values", "update \(table) set \(name) = \(name)", "delete from \(table)",
                    "truncate \(table)",
                ] {
                    try await Self.expectRefusal(of: command, in: database)
                }
            }
        }
    }

    @Test
    func `the role that only reads sees no guarded table`() async throws {
        try await withTestDatabase { database in
            let open = try await database.owner.queryText(
                """
                select t from unnest($1::text[]) t
                where has_any_column_privilege('plateau_readonly', t::regclass, 'select, insert, update')
                """, ["{\(TableAccess.tables { $0 == .guarded || $0 == .closed }.joined(separator: ","))}"])
            #expect(open == [])
        }
    }

    @Test
    func `no role of the service is a superuser, owns the tables or passes by row-level security`() async throws {
        try await withTestDatabase { database in
            let rows = try await database.owner.queryText(
                """
                select rolname from pg_roles
                where rolname in ('plateau_app', 'plateau_functions', 'plateau_readonly') and (rolsuper or rolbypassrls or rolcreaterole)
                union all
                select c.relname from pg_class c
                where c.relkind in ('r', 'p') and c.relowner::regrole::text in ('plateau_app', 'plateau_functions', 'plateau_readonly')
                union all
                select rolname from pg_roles where pg_has_role('plateau_app', oid, 'member') and rolname <> 'plateau_app'
                """)
            #expect(rows == [])
        }
    }

    @Test
    func `every function that acts with more rights than its caller fixes where names are looked up`() async throws {
        try await withTestDatabase { database in
            let open = try await database.owner.queryText(
                """
                select p.oid::regprocedure::text from pg_proc p
                where p.prosecdef and p.pronamespace::regnamespace::text !~ '^(pg_|information_schema)'
                  and (p.proconfig is null or not p.proconfig @> array['search_path=pg_catalog, pg_temp'])
                   or p.prosecdef and exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0)
                """)
            #expect(open == [])
        }
    }

    // MARK: The network

    /// A row in every guarded and closed table.
    private static func fill(_ server: TestServer) async throws {
        let network = try await TestNetwork.make(in: server.database)
        let booked = try await server.send(
            .post, "/v1/bookings", key: network.companyKey, headers: [.idempotencyKey: "private"],
            json: """
                {"activity": "demonstration", "audiences": [], "lines": [
                  {"resourceId": "\(network.platform)", "start": "2027-06-01T10:00:00Z", "end": "2027-06-01T12:00:00Z"}]}
                """)
        #expect(booked.status == .created, "\(booked.body)")
        let applied = try await server.send(
            .post, "/v1/centres/\(network.centre)/label-applications", key: network.managerKey,
            json: #"{"kind": "renewal", "submittedOn": "2026-01-15"}"#)
        #expect(applied.status == .created, "\(applied.body)")
        try await server.database.owner.execute(script: rowsOfTheOwner)
    }

    /// What would take many calls to come about.
    private static let rowsOfTheOwner = """
        select utilisation.fold(10);
        insert into utilisation.pending (centre_id, booking_id) select b.centre_id, b.id from bookings.booking b;
        insert into utilisation.former (centre_id, booking_id, line_number, until, image)
        select b.centre_id, b.id, 0, now(), '{}' from bookings.booking b;
        insert into utilisation.people_total select b.centre_id, 'day', '2027-06-01', b.id, 'worker', 'company', 'awareness', '', 0, 0
        from bookings.booking b;
        insert into utilisation.sealed_report
        select b.centre_id, b.id, '2027-06-01', '2027-06-01', 1, now(), 'asked', now(), b.id, '{}', sha256('{}') from bookings.booking b;
        insert into utilisation.stale_seal select b.centre_id, '2027-06-01', '2027-06-01', now() from bookings.booking b;
        insert into access.session (id, key_id, token_digest, begun_at, last_seen_at, idle_until, ends_at)
        select b.id, b.created_by, decode(repeat('00', 32), 'hex'), now(), now(), now(), now() from bookings.booking b;
        insert into access.person (id, organisation_id, key_id, email, registered_at)
        select b.id, b.organisation_id, b.created_by, 'a@b.example', now() from bookings.booking b;
        insert into access.sign_in values (decode(repeat('00', 32), 'hex'), '/', now());
        insert into access.password_try values (decode(repeat('00', 32), 'hex'), 1, now());
        insert into labels.proposal (
            centre_id, id, kind, authority, reference, decided_on, effective_from, effective_to, proposed_at, proposed_by)
        select b.centre_id, b.id, 'grant', 'a', 'r', '2026-01-01', '2040-01-01', '2041-01-01', now(), b.id from bookings.booking b;
        insert into labels.proposal_withdrawal (centre_id, proposal_id, withdrawn_at, withdrawn_by)
        select b.centre_id, b.id, now(), b.id from bookings.booking b;
        insert into labels.file_draft (centre_id, id, changed_at, changed_by)
        select b.centre_id, b.id, now(), b.id from bookings.booking b;
        insert into labels.file_event (centre_id, file_id, number, event, at, by)
        select b.centre_id, b.id, 1, 'drafted', now(), b.id from bookings.booking b;
        insert into labels.evidence (centre_id, id, file_id, element, name, media_type, size, sha256, added_at, added_by)
        select b.centre_id, b.id, b.id, 'trainingOffer', 'n', 'text/plain', 1, sha256('x'), now(), b.id from bookings.booking b;
        insert into labels.evidence_content (centre_id, evidence_id, size, sha256, content)
        select b.centre_id, b.id, 1, sha256('x'), 'x' from bookings.booking b;
        insert into labels.application_file (centre_id, application_id, number, file_id, linked_at, linked_by)
        select b.centre_id, b.id, 1, b.id, now(), b.id from bookings.booking b;
        insert into labels.evaluation (centre_id, id, application_id, specification, opened_at, opened_by)
        select b.centre_id, b.id, b.id, '2017', now(), b.id from bookings.booking b;
        insert into labels.evaluation_note (centre_id, evaluation_id, criterion, specification, note)
        select b.centre_id, b.id, 'modernEquipment', '2017', 12 from bookings.booking b;
        insert into labels.reminder (centre_id, ends_on, months, sent_at, renewal_pending)
        select b.centre_id, '2030-12-31', 6, now(), false from bookings.booking b;
        insert into bookings.label_change (centre_id, id, cause, subject_id, changed, recorded_at, key_id, planned)
        select b.centre_id, b.id, 'decision', b.id, '{}', now(), b.id, 1 from bookings.booking b;
        insert into bookings.label_effect (centre_id, change_id, number, booking_id, planned)
        select b.centre_id, b.id, 1, b.id, 'confirmed' from bookings.booking b;
        insert into bookings.label_simulation (
            centre_id, id, decision_id, simulated_at, simulated_by, is_exact, booking_ids, planned, outcomes)
        select b.centre_id, b.id, b.id, now(), b.id, true, '{}', '{}', '{}' from bookings.booking b;
        insert into bookings.series (
            centre_id, id, organisation_id, centres, rule, excluded, additional, zone, mode, created_at, created_by)
        select b.centre_id, b.id, b.organisation_id, b.centres, 'FREQ=DAILY', '{}', '{}', 'UTC', 'atomic', now(), b.id
        from bookings.booking b;
        insert into bookings.quota (
            centre_id, id, organisation_id, kind, period, most_minutes, during, created_at, created_by)
        select b.centre_id, b.id, b.organisation_id, 'limit', 'week', 1, '[2020-01-01,)', now(), b.id from bookings.booking b;
        insert into bookings.draw (centre_id, quota_id, booking_id, period_start, minutes, bookings)
        select b.centre_id, b.id, b.id, '2027-01-04', 1, 1 from bookings.booking b;
        insert into bookings.allowance_draw (centre_id, agreement_id, year, booking_id, minutes, beyond_minutes)
        select a.centre_id, a.id, 2027, a.id, 1, 0 from access.agreement a;
        insert into inventory.funding_line (
            centre_id, id, asset_id, body, nature, share_hundredths, during, created_at, created_by)
        select a.centre_id, a.id, a.id, 'B', 'public', 1, '[2020-01-01,)', now(), a.id from inventory.asset a;
        insert into utilisation.economic_warning select a.centre_id, a.id, 2027, 1, 20, now() from inventory.asset a;
        insert into inventory.durability_override (
            centre_id, asset_id, number, funding_line_id, durable_until, changes, reason, key_id, at)
        select l.centre_id, l.asset_id, 1, l.id, '2030-01-01', '{owner}', 'r', l.id, now() from inventory.funding_line l;
        insert into inventory.stock (centre_id, id, is_consumable) select a.centre_id, a.id, false from inventory.asset a;
        insert into inventory.stock_change (centre_id, stock_id, number, cause, change, amount, at, key_id)
        select s.centre_id, s.id, 1, 'entered', 1, 1, now(), s.id from inventory.stock s;
        insert into inventory.kit (centre_id, id, name, during, created_at, created_by)
        select a.centre_id, a.id, 'K', '[2020-01-01,)', now(), a.id from inventory.asset a;
        insert into inventory.kit_member (centre_id, kit_id, version, number, resource_id, amount, is_exclusive)
        select k.centre_id, k.id, 1, 1, k.id, 1, false from inventory.kit k;
        insert into bookings.kit_line (centre_id, booking_id, resource_id, kit_id, kit_version)
        select b.centre_id, b.id, b.id, b.id, 1 from bookings.booking b;
        insert into bookings.assignment (centre_id, booking_id, resource_id, model_id)
        select b.centre_id, b.id, a.id, a.model_id from bookings.booking b cross join inventory.asset a limit 1;
        insert into bookings.approval (centre_id, booking_id, approving_centre, version, asked_at)
        select b.centre_id, b.id, b.centre_id, 1, now() from bookings.booking b;
        insert into bookings.booking_terms select b.centre_id, b.id, 1, 1, 0, 0, 0 from bookings.booking b;
        insert into bookings.cancellation select b.centre_id, b.id, now(), b.state, null, false, 0 from bookings.booking b;
        insert into bookings.use (centre_id, booking_id, line_number, checked_in_at, checked_in_by)
        select b.centre_id, b.id, 1, now(), b.id from bookings.booking b;
        insert into bookings.attendance select b.centre_id, b.id, '{}', '{}', 0, now(), b.id from bookings.booking b;
        insert into bookings.incident select b.centre_id, b.id, 1, 'note', now(), b.id from bookings.booking b;
        insert into bookings.override select b.centre_id, b.id, 1, 1, '{}', 'reason', b.id, now() from bookings.booking b;
        insert into bookings.waiting (centre_id, booking_id, joined_at) select b.centre_id, b.id, now() from bookings.booking b;
        insert into bookings.unmet_demand
        select b.centre_id, b.id, b.organisation_id, b.starts, b.ends, 1, 'refused', now() from bookings.booking b;
        insert into bookings.vacancy (centre_id, resource_id, starts, ends, noted_at)
        select b.centre_id, b.id, b.starts, b.ends, now() from bookings.booking b;
        insert into bookings.imported (organisation_id, own_reference, content_hash, booking_id, recorded_at, recorded_by)
        select b.organisation_id, b.reference, sha256('x'), b.id, now(), b.id from bookings.booking b;
        insert into bookings.refused_occurrence (centre_id, series_id, number, starts, rules)
        select b.centre_id, b.id, 1, now(), '[]' from bookings.booking b;
        insert into jobs.event_elsewhere (centre_id, xact, home_centre_id, subject_id, version)
        select 2, 1, b.centre_id, b.id, 1 from bookings.booking b;
        insert into delivery.feed (organisation_id, id, key_id, kind, digest, language, created_at)
        select k.organisation_id, gen_random_uuid(), k.id, 'person', sha256('x'), 'fr', now() from access.api_key k limit 1;
        insert into delivery.notification_settings (organisation_id, addresses, language, writes_to_contacts, changed_at, changed_by)
        select k.organisation_id, '{}', 'fr', true, now(), k.id from access.api_key k limit 1;
        insert into delivery.mail (id, once, kind, centre_id, booking_id, recipient, language, next_at, created_at)
        values (gen_random_uuid(), 'x', 'confirmed', 1, gen_random_uuid(), 'a@b.example', 'fr', now(), now());
        insert into delivery.webhook (organisation_id, id, url, since_xact, created_at, created_by)
        select b.organisation_id, b.id, 'https://example.org/', 0, now(), b.id from bookings.booking b;
        insert into delivery.message (webhook_id, id, organisation_id, type, next_at, created_at)
        select b.id, b.id, b.organisation_id, 'booking.created', now(), now() from bookings.booking b;
        insert into delivery.attempt (webhook_id, message_id, number, organisation_id, at, milliseconds, outcome)
        select b.id, b.id, 1, b.organisation_id, now(), 1, 'refused' from bookings.booking b;
        insert into inventory.purchase (centre_id, asset_id, price_cents) select a.centre_id, a.id, 1 from inventory.asset a;
        insert into inventory.transition (centre_id, asset_id, number, from_state, to_state, at, key_id, reason)
        select a.centre_id, a.id, 1, 'ordered', 'inService', now(), a.id, 'r' from inventory.asset a;
        insert into inventory.move (centre_id, asset_id, number, from_site_id, to_site_id, to_platform_id, at, key_id)
        select a.centre_id, a.id, 1, a.id, a.id, a.id, now(), a.id from inventory.asset a;
        insert into inventory.stocktake (centre_id, id, opened_at, opened_by) select a.centre_id, a.id, now(), a.id from inventory.asset a;
        insert into inventory.stocktake_line (centre_id, stocktake_id, asset_id, is_expected, expected_site_id)
        select a.centre_id, a.id, a.id, true, a.id from inventory.asset a;
        insert into inventory.stocktake_stock (centre_id, stocktake_id, stock_id, amount, out_count)
        select s.centre_id, s.id, s.id, 1, 0 from inventory.stock s;
        insert into offers.offer (centre_id, id, kind, title, sector, audiences, organisation_id, during, created_at, created_by)
        select b.centre_id, b.id, 'bespoke', 't', 'metal', '{worker}', b.organisation_id, '[2027-01-01,)', now(), b.id
        from bookings.booking b;
        insert into attestations.type (code, name, holder, proof, changed_at, changed_by)
        select 'licence', 'n', 'person', 'atUse', now(), b.id from bookings.booking b;
        insert into attestations.holder (id, organisation_id, kind, pseudonym, created_at)
        select b.id, b.organisation_id, 'person', 'p', now() from bookings.booking b;
        insert into attestations.attestation (id, holder_id, organisation_id, type, issuer, during, recorded_at, recorded_by, recorded_for)
        select b.id, b.id, b.organisation_id, 'licence', 'i', '[2026-01-01,)', now(), b.id, b.organisation_id from bookings.booking b;
        insert into attestations.unreviewed select b.id, now() from bookings.booking b;
        insert into maintenance.plan (
            centre_id, id, asset_id, kind, name, every_months, duration_minutes, last_done_on, recorded_at, recorded_by)
        select a.centre_id, a.id, a.id, 'maintenance', 'n', 6, 60, '2026-01-01', now(), a.id from inventory.asset a;
        insert into maintenance.completion (centre_id, id, plan_id, done_on, recorded_at, recorded_by)
        select a.centre_id, a.id, a.id, '2026-01-01', now(), a.id from inventory.asset a;
        insert into maintenance.outage (centre_id, id, resource_id, cause, during, blocked_until, reason, recorded_at, recorded_by)
        select a.centre_id, a.id, a.id, 'closure', '[2027-01-01,2027-01-02)', '2027-01-02', 'r', now(), a.id from inventory.asset a;
        insert into maintenance.former_span (centre_id, outage_id, until, during)
        select a.centre_id, a.id, now(), '[2027-01-01,2027-01-02)' from inventory.asset a;
        insert into maintenance.fault (centre_id, id, resource_id, severity, description, reported_at, reported_by)
        select a.centre_id, a.id, a.id, 'minor', 'd', now(), a.id from inventory.asset a;
        insert into maintenance.displacement (centre_id, outage_id, booking_id, displaced_at)
        select a.centre_id, a.id, a.id, now() from inventory.asset a;
        insert into maintenance.custody (centre_id, id, taken_by, due_at, handed_out_at, handed_out_by)
        select a.centre_id, a.id, 'Marie', now() + interval '1 hour', now(), a.id from inventory.asset a;
        insert into maintenance.custody_item (centre_id, custody_id, asset_id, condition_out)
        select a.centre_id, a.id, a.id, 'good' from inventory.asset a;
        insert into maintenance.custody_stock (centre_id, custody_id, stock_id, amount)
        select s.centre_id, s.id, s.id, 1 from inventory.stock s;
        insert into maintenance.custody_return (centre_id, custody_id, stock_id, number, amount, condition, returned_at, returned_to)
        select s.centre_id, s.id, s.id, 1, 1, 'good', now(), s.id from inventory.stock s;
        insert into maintenance.retirement (centre_id, platform_id, from_day, retired_at, reason, recorded_at, recorded_by)
        select p.centre_id, p.id, '2027-06-01', now() + interval '1 day', 'r', now(), p.id from platforms.platform p;
        select centres.create_site(
            1::int2, '01990000-0000-7000-8400-0000000000aa', 'Autre', 'fixed', 'Mons', 'Europe/Brussels', null, null);
        insert into maintenance.transfer (
            centre_id, id, trip_id, asset_id, from_site_id, to_site_id, during, outage_id, recorded_at, recorded_by)
        select a.centre_id, a.id, a.id, a.id, r.site_id, '01990000-0000-7000-8400-0000000000aa', '[2027-01-01,2027-01-02)', a.id, now(),
               a.id
        from inventory.asset a join platforms.resource r on r.centre_id = a.centre_id and r.id = a.id;
        insert into maintenance.loan (centre_id, id, asset_id, borrower, during, proposed_by_centre, proposed_at, proposed_by)
        select a.centre_id, a.id, a.id, 0, '[2027-01-01,2027-01-02)', 0, now(), a.id from inventory.asset a;
        """

    private static func expectRefusal(of command: String, in database: TestDatabase) async throws {
        try await asServer(in: database) { session in
            do {
                try await session.execute(script: command)
                Issue.record("\(command) was done")
            } catch let error as PostgresError {
                #expect(error.sqlState == .insufficientPrivilege, "\(command): \(error)")
            }
        }
    }

    private static func asServer(in database: TestDatabase, _ body: (PostgresSession) async throws -> Void) async throws {
        try await database.owner.execute(script: "set role plateau_app")
        do {
            try await body(database.owner)
        } catch {
            try await database.owner.execute(script: "reset role; reset plateau.organisation; reset plateau.centres")
            throw error
        }
        try await database.owner.execute(script: "reset role; reset plateau.organisation; reset plateau.centres")
    }
}
