import Postgres
import TestSupport
import Testing

/// What the functions refuse by themselves, whoever calls them and whatever Swift asked before.
@Suite struct OwnRefusalTests {
    struct Case: Sendable {
        let name: String
        var given = ""
        /// What another session holds meanwhile.
        var held: String?
        let asked: String
        /// Nil: no row.
        let answer: String?
    }

    static let revoked = "update access.api_key set revoked_at = now() - interval '1 second'"
    private static let expired = "update access.api_key set expires_at = plateau.clock() - interval '1 second'"
    private static let withoutRoles = "delete from access.api_key_role"
    private static let cancel = "select outcome from bookings.cancel(it('booked'), it('company_key'), 1, 'r')"
    private static let authenticate = """
        select 1 from access.authenticate((select digest from access.api_key where id = it('company_key')))
        """
    private static let approve = "select outcome from labels.approve_decision(1::int2, it('proposal'), it('network_key'))"
    private static let authority = "update access.api_key_role set role = 'labelAuthority' where key_id = it('network_key')"

    private static let agreement = """
        update access.api_key_role set role = 'organisationAdmin' where key_id = it('company_key');
        insert into access.api_key_role (key_id, role) values (it('company_key'), 'booker');
        select access.request_agreement(1::int2, it('new'), it('company'), '2020-01-01', '2030-01-01', null, null, false, null, null, null,
            null, it('company_key'))
        """
    private static let byManager = """
        select access.request_agreement(1::int2, it('new'), it('company'), '2020-01-01', '2030-01-01', null, null, false, null, null, null,
            null, it('manager_key'))
        """
    private static let decide = "select outcome from access.decide_agreement(1::int2, it('new'), true, null, it('manager_key'))"

    private static let agreements: [Case] = [
        Case(
            name: "a key made by one that was revoked", given: revoked,
            asked: """
                select access.create_api_key(
                    it('company'), it('new'), 'l', 'p', decode(repeat('00', 32), 'hex'), null, '{booker}', '{-1}', it('company_key'))
                """, answer: nil),
        Case(
            name: "an agreement asked for without the role",
            asked: """
                select access.request_agreement(1::int2, it('new'), it('company'), '2020-01-01', '2030-01-01', null, null, false, null,
                    null, null, null, it('company_key'))
                """, answer: "forbidden"),
        Case(name: "an agreement approved by another person", given: agreement, asked: decide, answer: "approved"),
        Case(
            name: "an agreement approved by who asked for it", given: byManager, asked: decide, answer: "samePerson"),
        Case(
            name: "an agreement approved by the organisation itself", given: byManager,
            asked: "select outcome from access.decide_agreement(1::int2, it('new'), true, null, it('company_key'))", answer: "forbidden"),
        Case(
            name: "an agreement decided twice", given: "\(agreement); \(decide)", asked: decide, answer: "alreadyDecided"),
    ]

    private static let administrator = "update access.api_key_role set role = 'organisationAdmin' where key_id = it('company_key')"
    private static func webhook(of organisation: String) -> String {
        "select delivery.create_webhook(it('new'), it('\(organisation)'), 'https://example.org/', null, null, it('company_key'))"
    }

    private static let webhooks: [Case] = [
        Case(name: "a webhook made without the role", asked: webhook(of: "company"), answer: "forbidden"),
        Case(name: "a webhook made by an administrator", given: administrator, asked: webhook(of: "company"), answer: "created"),
        Case(name: "a webhook of another organisation", given: administrator, asked: webhook(of: "school"), answer: "forbidden"),
        Case(
            name: "a webhook made under a revoked key", given: "\(administrator); \(revoked)", asked: webhook(of: "company"),
            answer: "forbidden"),
    ]

    private static func outage(by role: String) -> String {
        """
        select outcome from maintenance.plan_outage(
            1::int2, it('new'), it('unit'), it('\(role)_key'), 'closure', '2027-06-01', '2027-06-02', 'r', null, null, false)
        """
    }

    private static func fault(by role: String) -> String {
        """
        select outcome from maintenance.report_fault(
            1::int2, it('new'), it('newer'), it('unit'), it('\(role)_key'), 'stopsUse', 'r', null, null, false)
        """
    }

    private static func state(_ version: Int, by role: String) -> String {
        "select outcome from inventory.change_state(1::int2, it('unit'), \(version), it('\(role)_key'), 'inRepair', null, 'r')"
    }

    private static func use(of state: String) -> String { "update inventory.asset set state = '\(state)'" }
    static let useOfUnit = "select try_booking('new', p_resource => 'unit')"

    private static let machines: [Case] = [
        Case(name: "an outage without the role", asked: outage(by: "company"), answer: "forbidden"),
        Case(
            name: "the end of an outage without the role", given: outage(by: "manager"),
            asked: "select outcome from maintenance.end_outage(1::int2, it('new'), 1, it('company_key'))", answer: "forbidden"),
        Case(
            name: "the end of another version of an outage", given: outage(by: "manager"),
            asked: "select outcome from maintenance.end_outage(1::int2, it('new'), 2, it('manager_key'))", answer: "versionMismatch"),
        Case(name: "a fault without the role", asked: fault(by: "company"), answer: "forbidden"),
        Case(
            name: "a repair without the role", given: fault(by: "manager"),
            asked: "select outcome from maintenance.resolve_fault(1::int2, it('new'), 1, it('company_key'), null)", answer: "forbidden"),
        Case(
            name: "a repair of another version of a fault", given: fault(by: "manager"),
            asked: "select outcome from maintenance.resolve_fault(1::int2, it('new'), 2, it('manager_key'), null)",
            answer: "versionMismatch"),
        Case(
            name: "when a fault is over, without the role", given: fault(by: "manager"),
            asked: "select outcome from maintenance.expect_back(1::int2, it('new'), 1, it('company_key'), null)", answer: "forbidden"),
        Case(name: "a state of an asset without the role", asked: state(1, by: "company"), answer: "forbidden"),
        Case(name: "a state of another version of an asset", asked: state(2, by: "manager"), answer: "versionMismatch"),
        Case(
            name: "a state that it does not go to",
            asked: "select outcome from inventory.change_state(1::int2, it('unit'), 1, it('manager_key'), 'ordered', null, 'r')",
            answer: "notAllowed"),
        Case(name: "a booking of a faulty asset", given: use(of: "faulty"), asked: useOfUnit, answer: "refused"),
        Case(name: "a booking of an asset in an outage", given: outage(by: "manager"), asked: useOfUnit, answer: "refused"),
        Case(
            name: "a move without the role", given: withoutRoles,
            asked: "select outcome from maintenance.move_booking(it('booked'), 1, it('company_key'), '{1}', array[it('unit')])",
            answer: "forbidden"),
        Case(
            name: "a move of a booking that is not displaced",
            asked: "select outcome from maintenance.move_booking(it('booked'), 1, it('company_key'), '{1}', array[it('unit')])",
            answer: "notDisplaced"),
        Case(
            name: "a model described without the role",
            asked: """
                select outcome from inventory.change_model(
                    (select id from inventory.model), 1, it('company_key'), 'robot', '{}', '{}', 9::int2)
                """, answer: "forbidden"),
    ]

    private static let another = """
        select centres.create_centre(2::int2, '01900000-0000-7000-8800-000000000001', 'centre', 'asbl', 'Autre', '2020-01-01',
            'Europe/Brussels', true)
        """

    private static func succeed(_ version: Int, by role: String, from day: String = "2099-01-01") -> String {
        "select centres.succeed(1::int2, 2::int2, '\(day)', \(version), it('\(role)_key'))"
    }

    private static let keys: [Case] = [
        Case(name: "a booking under a revoked key", given: revoked, asked: "select try_booking('new')", answer: "forbidden"),
        Case(name: "a booking under an expired key", given: expired, asked: "select try_booking('new')", answer: "forbidden"),
        Case(name: "a booking without the role", given: withoutRoles, asked: "select try_booking('new')", answer: "forbidden"),
        Case(
            name: "a booking for another organisation", asked: "select try_booking('new', p_organisation => 'school')",
            answer: "forbidden"),
        Case(
            name: "a booking by staff of another centre",
            given: "update access.api_key_role set centre_id = 2 where centre_id = 1",
            asked: "select try_booking('new', p_key => 'manager_key')", answer: "forbidden"),
        Case(name: "who presents a revoked key", given: revoked, asked: authenticate, answer: nil),
        Case(name: "who presents an expired key", given: expired, asked: authenticate, answer: nil),
        Case(
            name: "a role under a revoked key", given: revoked,
            asked: "select access.has_role(it('manager_key'), '{centreManager}', 1::int2)", answer: "f"),
        Case(
            name: "a role under an expired key", given: expired,
            asked: "select access.has_role(it('manager_key'), '{centreManager}', 1::int2)", answer: "f"),
        Case(
            name: "a role at another centre", asked: "select access.has_role(it('manager_key'), '{centreManager}', 2::int2)", answer: "f"),
        Case(
            name: "a key of one organisation revoked by another",
            asked: "select access.revoke_api_key(it('school'), it('company_key'))", answer: nil),
    ]

    private static let onceOnly: [Case] = [
        Case(
            name: "an idempotency key in flight, for a booking",
            held: "select pg_advisory_xact_lock(hashtextextended(it('company')::text || 'k', 77))",
            asked: "select try_booking('new', p_idempotency_key => 'k', p_hash => sha256('a'))", answer: "inFlight"),
        Case(
            name: "an idempotency key in flight, for any write",
            held: "select pg_advisory_xact_lock(hashtextextended(it('company')::text || 'k', 77))",
            asked: "select outcome from access.claim_idempotency(it('company'), 'k', sha256('a'))", answer: "inFlight"),
        Case(
            name: "another body under an idempotency key, for a booking",
            given: "select try_booking('new', p_idempotency_key => 'k', p_hash => sha256('a'))",
            asked: "select try_booking('newer', p_idempotency_key => 'k', p_hash => sha256('b'))", answer: "keyReused"),
        Case(
            name: "another body under an idempotency key, for any write",
            given: "select access.keep_answer(it('company'), 'k', sha256('a'), 200::int2, 'body', null, null)",
            asked: "select outcome from access.claim_idempotency(it('company'), 'k', sha256('b'))", answer: "reused"),
        Case(
            name: "a second effect of an idempotency key, for a booking",
            given: "select try_booking('new', p_idempotency_key => 'k', p_hash => sha256('a'))",
            asked: "select try_booking('newer', p_idempotency_key => 'k', p_hash => sha256('a'))", answer: "replayed"),
        Case(
            name: "a second effect of an idempotency key, for any write",
            given: "select access.keep_answer(it('company'), 'k', sha256('a'), 200::int2, 'body', null, null)",
            asked: "select outcome from access.claim_idempotency(it('company'), 'k', sha256('a'))", answer: "replayed"),
    ]

    private static let room: [Case] = [
        Case(name: "more seats than there are", asked: "select try_booking('new', p_seats => 13)", answer: "refused"),
        Case(name: "more seats than are free", asked: "select try_booking('new', p_seats => 11)", answer: "refused"),
        Case(name: "the seats that are free", asked: "select try_booking('new', p_seats => 10)", answer: "created"),
        Case(
            name: "a unit that is taken", given: "select try_booking('new', p_resource => 'unit')",
            asked: "select try_booking('newer', p_resource => 'unit')", answer: "refused"),
        Case(name: "the whole of a platform in use", asked: "select try_booking('new', p_seats => 0)", answer: "refused"),
        Case(name: "less capacity than is booked", asked: "select try_change(1, 1)", answer: "capacityInUse"),
        Case(
            name: "the room of a cancelled booking is free",
            given: "\(cancel)", asked: "select count(*) from platforms.occupancy where holder_id = it('booked')", answer: "0"),
        Case(
            name: "a booking is restored only into free room",
            given: """
                update bookings.booking set state = 'suspended';
                delete from platforms.occupancy;
                select try_booking('new', p_seats => 11);
                select bookings.continue_label_change(9)
                """,
            asked: "select outcome from bookings.label_effect", answer: "displaced"),
    ]

    private static let gate: [Case] = [
        Case(
            name: "a local resource of another centre", given: "update platforms.resource set is_shared = false",
            asked: "select try_booking('new')", answer: "refused"),
        Case(
            name: "a centre without a label", given: "delete from labels.label_period", asked: "select try_booking('new')",
            answer: "refused"),
        Case(
            name: "an organisation without a membership", given: "delete from access.agreement", asked: "select try_booking('new')",
            answer: "refused"),
        Case(
            name: "an agreement that was only asked for", given: "delete from access.agreement; \(agreement)",
            asked: "select try_booking('new')", answer: "refused"),
        Case(
            name: "an agreement that another person approved",
            given: "delete from access.agreement; \(agreement); \(decide)",
            asked: "select try_booking('new')", answer: "created"),
        Case(
            name: "an audience that is not targeted", asked: "select try_booking('new', p_audiences => '{teacher}')", answer: "refused"),
        Case(
            name: "an audience that is", asked: "select try_booking('new', p_audiences => '{worker}')", answer: "created"),
        Case(
            name: "a resource of the network for who has no label",
            given: """
                select centres.create_site(
                    0::int2, '01990000-0000-7000-8000-00000000000b', 'Site', 'fixed', 'Namur', 'Europe/Brussels', null, null);
                insert into centres.open_hours (centre_id, calendar_id, day, during)
                values (0, '01990000-0000-7000-8000-00000000000b', '2027-06-01', '[2027-05-31T22:00Z, 2027-06-01T22:00Z)');
                insert into platforms.resource (centre_id, id, kind, name, site_id, capacity, horizon_days, created_at)
                values (0, '01990000-0000-7000-8000-00000000000c', 'platform', 'Camion', '01990000-0000-7000-8000-00000000000b', 5,
                        1000, now());
                insert into public.called values ('truck', '01990000-0000-7000-8000-00000000000c')
                """,
            asked: "select try_booking('new', p_resource => 'truck')", answer: "refused"),
        Case(
            name: "a booking that is closed out by the site's hours", given: "delete from centres.open_hours",
            asked: "select try_booking('new')", answer: "refused"),
        Case(
            name: "a dry run", asked: "select try_booking('new', p_dry_run => true)", answer: "wouldCreate"),
    ]

    private static let bookings: [Case] = [
        Case(
            name: "a cancellation by a stranger",
            given: """
                insert into access.api_key (organisation_id, id, label, prefix, digest, created_at)
                values (it('school'), it('stranger_key'), 'l', 'p', sha256('stranger'), now())
                """,
            asked: "select outcome from bookings.cancel(it('booked'), it('stranger_key'), 1, 'r')", answer: "notFound"),
        Case(name: "a cancellation under a revoked key", given: revoked, asked: cancel, answer: "notFound"),
        Case(name: "a cancellation under an expired key", given: expired, asked: cancel, answer: "notFound"),
        Case(name: "a cancellation without the role", given: withoutRoles, asked: cancel, answer: "forbidden"),
        Case(
            name: "a cancellation of another version",
            asked: "select outcome from bookings.cancel(it('booked'), it('company_key'), 2, 'r')", answer: "versionMismatch"),
        Case(
            name: "a second cancellation", given: "update bookings.booking set state = 'cancelledByUser'", asked: cancel,
            answer: "notCancellable"),
        Case(
            name: "a cancellation by the user of what has begun", given: "update bookings.booking set starts = now() - interval '1 hour'",
            asked: cancel, answer: "alreadyStarted"),
        Case(
            name: "the end of another version of a series",
            asked: "select outcome from bookings.cancel_series(it('series'), it('company_key'), 2, null, false, 'r')",
            answer: "versionMismatch"),
        Case(name: "a change of another version of a series", asked: "select try_series_change(2)", answer: "versionMismatch"),
        Case(
            name: "effects that another instance is at", held: "select from bookings.label_change where id = it('change') for update",
            asked: "select bookings.continue_label_change(9)", answer: nil),
    ]

    private static let versions: [Case] = [
        Case(name: "rules of use in another version", asked: "select try_change(2)", answer: "versionMismatch"),
        Case(
            name: "a name for another version of a centre", asked: "select centres.rename_centre(1::int2, 'Nom', '2027-01-01', 2)",
            answer: nil),
        Case(
            name: "a carrier for another version of a centre", asked: "select centres.change_carrier(1::int2, 'asbl', '2027-01-01', 2)",
            answer: nil),
        Case(
            name: "a succession of another version of a centre", given: another, asked: succeed(2, by: "network"), answer: "versionMismatch"
        ),
        Case(name: "a succession without the role", given: another, asked: succeed(1, by: "manager"), answer: "forbidden"),
        Case(name: "a succession by the network", given: another, asked: succeed(1, by: "network"), answer: "recorded"),
        Case(
            name: "a booking at a centre that was succeeded", given: "\(another); \(succeed(1, by: "network", from: "2027-01-01"))",
            asked: "select try_booking('new')", answer: "refused"),
        Case(
            name: "opening hours for another version of a site",
            asked: "select centres.set_weekly_opening(1::int2, it('site'), '2027-06-01', '{1}', '{08:00}', '{16:00}', 2)", answer: nil),
        Case(
            name: "another version of the policy",
            asked: """
                select labels.change_policy(
                    2, 3, 'refuse', 'refuse', 'refuse', 'refuse', 'refuse', 1, 1, 1, null, '{6}', it('authority_key'))
                """, answer: "versionMismatch"),
        Case(
            name: "a policy without the role",
            asked: """
                select labels.change_policy(
                    1, 3, 'refuse', 'refuse', 'refuse', 'refuse', 'refuse', 1, 1, 1, null, '{6}', it('company_key'))
                """, answer: "forbidden"),
    ]

    private static let decisions: [Case] = [
        Case(name: "an approval without the role", asked: approve, answer: "forbidden"),
        Case(name: "an approval by another person", given: authority, asked: approve, answer: "recorded"),
        Case(
            name: "an approval by who proposed it",
            asked: "select outcome from labels.approve_decision(1::int2, it('proposal'), it('authority_key'))", answer: "samePerson"),
        Case(
            name: "an approval by a key that the proposer made",
            given: "\(authority); update access.api_key set created_by = it('authority_key') where id = it('network_key')", asked: approve,
            answer: "samePerson"),
        Case(
            name: "a second approval", given: authority,
            asked: "select outcome from labels.approve_decision(1::int2, it('grant'), it('network_key'))", answer: "alreadyApproved"),
        Case(
            name: "an approval of what was withdrawn", given: authority,
            asked: "select outcome from labels.approve_decision(1::int2, it('withdrawn'), it('network_key'))", answer: "alreadyWithdrawn"),
        Case(
            name: "a proposal without the role",
            asked: """
                select labels.propose_decision(1::int2, it('new'), 'suspend', 'government', 'fictif', '2026-01-01', '2027-06-01',
                    '2027-06-02', null, null, it('company_key'))
                """, answer: "forbidden"),
        Case(
            name: "a withdrawal without the role", asked: "select labels.withdraw_proposal(1::int2, it('proposal'), it('company_key'))",
            answer: "forbidden"),
        Case(
            name: "a withdrawal of what was approved", asked: "select labels.withdraw_proposal(1::int2, it('grant'), it('authority_key'))",
            answer: "alreadyApproved"),
        Case(
            name: "an approval of what another list of effects was seen for",
            given: """
                \(authority);
                insert into bookings.label_simulation
                values (1, it('new'), it('proposal'), now(), it('network_key'), true, '{}', '{}', '{}')
                """,
            asked: "select outcome from bookings.record_decision(1::int2, it('proposal'), it('network_key'), it('new'))",
            answer: "simulationChanged"),
    ]

    @Test func `the functions refuse by themselves`() async throws {
        try await GuardStage.with { stage in
            for item in Self.keys + Self.onceOnly + Self.room + Self.gate + Self.bookings + Self.versions + Self.decisions
                + Self.agreements + Self.people + Self.webhooks + Self.attestations + Self.offers + Self.funding + Self.imports
                + Self.custody + Self.documents + Self.machines + Self.stocks + Self.municipalities + Self.retirements
            {
                do {
                    let answer = try await Self.answer(item, on: stage)
                    #expect(answer == item.answer, "not as it must be: \(item.name)")
                } catch {
                    Issue.record("not as it must be: \(item.name); \(error)")
                }
            }
        }
    }

    private static func answer(_ item: Case, on stage: GuardStage) async throws -> String? {
        guard let held = item.held else { return try await stage.ask(item.asked, given: item.given) }
        return try await stage.ask(item.asked, given: item.given, whileHeld: held)
    }
}
