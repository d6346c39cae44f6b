import Postgres
import TestSupport
import Testing

/// Who waits for whom: each function that must not pass by another takes the lock that keeps them apart.
@Suite struct LockTests {
    struct Case: Sendable {
        let name: String
        /// Before the call, in its transaction.
        var given = ""
        /// What another session holds.
        let held: String
        /// What has to wait for it.
        let asked: String
    }

    private static let labelAlone = "select pg_advisory_xact_lock(plateau.label_lock(1::int2))"
    private static let labelShared = "select pg_advisory_xact_lock_shared(plateau.label_lock(1::int2))"
    private static let room = "select pg_advisory_xact_lock(k) from room() k"
    private static let booking = "select from bookings.booking where id = it('booked') for update"
    private static let due = "update bookings.booking set flags = '{atRisk}', at_risk_until = now() - interval '1 day'"
    private static let suspended = "update bookings.booking set state = 'suspended'; delete from platforms.occupancy"

    private static let batch = """
        select bookings.lock_batch(
            it('new'), it('company_key'), array[it('company')], array[it('platform')], '{2027-06-01 09:00+00}', '{2027-06-01 10:00+00}')
        """
    private static let kitBatch = """
        select outcome from bookings.lock_kit_batch(
            it('new'), it('company_key'), array[it('company')], array[it('newer')], '{true}', '{null}', '{0}', '{2027-06-01 09:00+00}',
            '{2027-06-01 10:00+00}')
        """
    private static let kit = """
        select inventory.create_kit(
            1::int2, it('newer'), it('manager_key'), 'K', null, '2026-01-01', null, array[it('platform')], '{false}', '{1}', '{false}')
        """
    /// Another centre lends one machine of the model of which the kit asks for any.
    private static let lentKit = """
        select centres.create_centre(
            2::int2, '01990000-0000-7000-8800-000000000001', 'centre', 'asbl', 'Autre', '2000-01-01', 'Europe/Brussels', true);
        select centres.create_site(
            2::int2, '01990000-0000-7000-8800-000000000002', 'Autre', 'fixed', 'Mons', 'Europe/Brussels', null, null);
        select inventory.create_asset(
            2::int2, '01990000-0000-7000-8800-000000000003', a.model_id, null, 'R', '01990000-0000-7000-8800-000000000002', true, 'A', 'A',
            true, false, null, null, 0, 0, 15, 3000, 15, 0, 1000)
        from inventory.asset a where a.id = it('unit');
        insert into maintenance.loan (
            centre_id, id, asset_id, borrower, during, proposed_by_centre, proposed_at, proposed_by, state, decided_at, decided_by)
        values (2, '01990000-0000-7000-8800-000000000004', '01990000-0000-7000-8800-000000000003', 1, '[2027-06-01,2027-06-02)', 2, now(),
                it('manager_key'), 'accepted', now(), it('network_key'));
        select inventory.create_kit(
            1::int2, it('newer'), it('manager_key'), 'K', null, '2026-01-01', null, array[a.model_id], '{true}', '{1}', '{false}')
        from inventory.asset a where a.id = it('unit')
        """
    private static let outage = """
        select outcome from maintenance.plan_outage(
            1::int2, it('new'), it('unit'), it('manager_key'), 'closure', '2027-06-01', '2027-06-02', 'r', null, null, false)
        """
    private static let endOfOutage = "select outcome from maintenance.end_outage(1::int2, it('new'), 1, it('manager_key'))"
    /// The owner handed it out.
    static let isOut = """
        insert into maintenance.custody (centre_id, id, taken_by, due_at, handed_out_at, handed_out_by)
        values (1, it('newer'), 'M', now() + interval '1 day', now(), it('manager_key'));
        insert into maintenance.custody_item values (1, it('newer'), it('unit'), 'good')
        """
    static let fault = """
        select outcome from maintenance.report_fault(
            1::int2, it('new'), it('newer'), it('unit'), it('manager_key'), 'stopsUse', 'r', null, null, false)
        """

    static let mobile = "update inventory.asset set is_mobile = true, platform_id = null"
    private static let loan = """
        insert into maintenance.loan (centre_id, id, asset_id, borrower, during, proposed_by_centre, proposed_at, proposed_by)
        values (1, it('new'), it('unit'), 0, '[2027-06-01,2027-06-02)', 0, now(), it('authority_key'))
        """

    /// Rows as those functions write them: these are called with nobody in the way.
    private static let plannedOutage = """
        insert into maintenance.outage (centre_id, id, resource_id, cause, during, blocked_until, reason, recorded_at, recorded_by)
        values (1, it('new'), it('unit'), 'closure', '[2027-06-01,2027-06-02)', '2027-06-02', 'r', now(), it('manager_key'))
        """
    private static let otherLabelAlone = "select pg_advisory_xact_lock(plateau.label_lock(2::int2))"
    /// The end of an outage is awaited by a booking of two centres.
    private static let awaited = """
        \(mobile); \(plannedOutage);
        insert into maintenance.displacement (centre_id, outage_id, booking_id, displaced_at) values (1, it('new'), it('booked'), now());
        update bookings.booking set centres = '{1,2}' where id = it('booked')
        """
    private static let awaitedReturn = """
        \(awaited);
        insert into maintenance.custody (centre_id, id, taken_by, due_at, handed_out_at, handed_out_by)
        values (1, it('newer'), 'M', now() + interval '1 day', now(), it('manager_key'));
        insert into maintenance.custody_item values (1, it('newer'), it('unit'), 'good', null, it('new'))
        """
    private static let awaitedJourney = """
        \(awaited);
        select centres.create_site(1::int2, it('held'), 'Autre', 'fixed', 'Mons', 'Europe/Brussels', null, null);
        insert into maintenance.transfer (
            centre_id, id, trip_id, asset_id, from_site_id, to_site_id, during, outage_id, recorded_at, recorded_by)
        values (1, it('newer'), it('newer'), it('unit'), it('site'), it('held'), '[2027-06-01,2027-06-02)', it('new'), now(),
                it('manager_key'))
        """
    private static let openFault = """
        insert into maintenance.outage (centre_id, id, resource_id, cause, during, blocked_until, reason, recorded_at, recorded_by)
        values (1, it('newer'), it('unit'), 'fault', '[2026-06-01,)', '2027-06-02', 'r', now(), it('manager_key'));
        insert into maintenance.fault (centre_id, id, resource_id, severity, description, outage_id, reported_at, reported_by)
        values (1, it('new'), it('unit'), 'stopsUse', 'r', it('newer'), now(), it('manager_key'))
        """

    static let cases: [Case] = [
        Case(name: "a booking, for a decision on the label", held: labelAlone, asked: "select try_booking('new')"),
        Case(
            name: "a new key, for the end of the one that makes it",
            held: "update access.api_key set version = version where id = it('company_key')",
            asked: """
                select access.create_api_key(
                    it('company'), it('new'), 'l', 'p', decode(repeat('00', 32), 'hex'), null, '{booker}', '{-1}', it('company_key'))
                """),
        Case(name: "a booking, for another in the same room", held: room, asked: "select try_booking('new')"),
        Case(name: "a series, for a decision on the label", held: labelAlone, asked: "select try_series()"),
        Case(name: "a series, for a booking in the same room", held: room, asked: "select try_series()"),
        Case(
            name: "a series, for its place among the series", held: "select pg_advisory_xact_lock(8, place())",
            asked: "select try_series()"),
        Case(name: "a batch, for a decision on the label", held: labelAlone, asked: batch),
        Case(name: "a batch, for a booking in the same room", held: room, asked: batch),
        Case(
            name: "a batch, for its place among the series",
            held: "select pg_advisory_xact_lock(8, 0), pg_advisory_xact_lock(8, 1), "
                + "pg_advisory_xact_lock(8, 2), pg_advisory_xact_lock(8, 3)", asked: batch),
        Case(
            name: "a batch, for another booking of an organisation with a quota",
            given: "update access.organisation set has_quota = true",
            held: "select pg_advisory_xact_lock(bookings.organisation_lock(it('company')))", asked: batch),
        Case(name: "a batch with a kit, for a decision on the label", given: kit, held: labelAlone, asked: kitBatch),
        Case(name: "a batch with a kit, for a booking in the same room", given: kit, held: room, asked: kitBatch),
        Case(
            name: "a kit, for a change of a loan at its lender", given: lentKit, held: otherLabelAlone,
            asked: """
                select outcome from bookings.reserve_kits(
                    it('new'), reference('new'), it('manager_key'), it('centre'), 'demonstration', '{}', '{}', 0, null, null, null, null,
                    array[it('newer')], '{true}', '{null}', '{2027-06-01T09:00Z}', '{2027-06-01T10:00Z}', '{0}', false, '{-1}', null,
                    'booked', null, null, null, '{}', '{}', null, null, null, null)
                """),
        Case(
            name: "a batch with a kit, for a change of a loan at its lender", given: lentKit, held: otherLabelAlone,
            asked: """
                select outcome from bookings.lock_kit_batch(
                    it('new'), it('manager_key'), array[it('centre')], array[it('newer')], '{true}', '{null}', '{0}',
                    '{2027-06-01 09:00+00}', '{2027-06-01 10:00+00}')
                """),
        Case(
            name: "a simulation, for a decision on the label", held: labelAlone,
            asked: "select outcome from bookings.simulate_decision(1::int2, it('new'), it('newer'), it('authority_key'))"),
        Case(name: "the release of what is due, for a decision", given: due, held: labelAlone, asked: "select bookings.release_due(9)"),
        Case(
            name: "the withdrawal of an attestation, for a booking that relies on it",
            held: "select from attestations.attestation where id = it('held') for share",
            asked: "select attestations.withdraw(it('held'), 'r', it('company_key'))"),
        Case(
            name: "a booking, for the withdrawal of what it relies on",
            held: "select from attestations.attestation where id = it('held') for no key update",
            asked: "select attestations.judge(array[it('person')], 'licence', null, '[2027-06-01,2027-06-02)')"),
        Case(
            name: "the withdrawal of an offer, for a booking that names it",
            held: "select from offers.offer where id = it('course') for share", asked: "select withdraw_course()"),
        Case(
            name: "a booking, for the withdrawal of the offer that it names",
            held: "select from offers.offer where id = it('course') for no key update", asked: "select try_course('new')"),
        Case(
            name: "a list of municipalities, for another of its scheme", held: "select pg_advisory_xact_lock(hashtextextended('DEMO', 55))",
            asked: "select outcome from \(SecondWallTests.list("1", "2019-01-01"))"),
        Case(name: "the release of what is due, for the booking", given: due, held: booking, asked: "select bookings.release_due(9)"),
        Case(name: "effects of a decision, for another decision", held: labelAlone, asked: "select bookings.continue_label_change(9)"),
        Case(name: "effects of a decision, for the booking", held: booking, asked: "select bookings.continue_label_change(9)"),
        Case(
            name: "a booking that is restored, for its room", given: suspended, held: room,
            asked: "select bookings.continue_label_change(9)"),
        Case(
            name: "a decision, for bookings under way", held: labelShared,
            asked: "select outcome from labels.approve_decision(1::int2, it('new'), it('authority_key'))"),
        Case(
            name: "the withdrawal of a proposal, for its approval", held: labelShared,
            asked: "select labels.withdraw_proposal(1::int2, it('new'), it('authority_key'))"),
        Case(
            name: "an application, for bookings under way", held: labelShared,
            asked: """
                select recorded_at from labels.record_application(
                    1::int2, it('new'), 'submitted', 'renewal', '2026-01-01', it('authority_key'))
                """),
        Case(
            name: "a recognition file, for bookings under way", held: labelShared,
            asked: """
                select outcome from labels.record_file(1::int2, it('new'), '2026-01-01', null, '{metal}', '{worker}', it('authority_key'))
                """),
        Case(
            name: "the effects of a file, for bookings under way", held: labelShared,
            asked: "select bookings.take_label_effects(1::int2, it('new'), 'file', it('new'), '{}', it('authority_key'))"),
        Case(
            name: "a closed day, for bookings under way", held: labelShared,
            asked: "select centres.set_closed_days(1::int2, '{2027-06-01}', '{closure}')"),
        Case(
            name: "what a calendar closes, for bookings under way", held: labelShared,
            asked: """
                select centres.put_closings(
                    1::int2, null, '{a}', '2027-06-01', '{a}', '{2027-06-01}', '{0}', '{1440}', '{fictif}')
                """),
        Case(
            name: "a weekly opening, for bookings under way", held: labelShared,
            asked: "select centres.set_weekly_opening(1::int2, it('site'), '2027-06-01', '{1}', '{08:00}', '{16:00}', 1)"),
        Case(
            name: "open hours, for bookings under way", held: labelShared,
            asked: "select centres.put_open_hours(1::int2, it('site'), '[2027-06-01,2027-06-02)', '{}', '{}', '{}')"),
        Case(name: "rules of use, for bookings under way", held: labelShared, asked: "select try_change(1)"),
        Case(
            name: "a kit, for bookings under way", given: kit, held: labelShared,
            asked: """
                select outcome from inventory.change_kit(
                    1::int2, it('newer'), 1, it('manager_key'), 'K', null, '2026-01-01', null, array[it('platform')], '{false}', '{2}',
                    '{false}')
                """),
        Case(name: "an outage, for bookings under way", held: labelShared, asked: outage),
        Case(name: "the end of an outage, for bookings under way", given: plannedOutage, held: labelShared, asked: endOfOutage),
        Case(name: "a fault, for bookings under way", held: labelShared, asked: fault),
        Case(
            name: "what is handed out, for bookings under way", given: mobile, held: labelShared,
            asked: """
                select outcome from maintenance.check_out_assets(
                    1::int2, it('new'), it('manager_key'), null, null, 'M', '2027-06-01', null, null, array[it('unit')], '{good}',
                    '{null}', array[it('new')], '{}', '{}', '{}')
                """),
        Case(
            name: "what comes back, for bookings under way", held: labelShared,
            asked: """
                select outcome from maintenance.check_in_assets(
                    1::int2, it('new'), 1, it('manager_key'), array[it('unit')], '{good}', '{null}', '{null}', '{null}', array[it('new')],
                    array[it('new')], '{}', '{}', '{}', '{}')
                """),
        Case(
            name: "what comes back, for the label of another centre to whom it gives room back", given: awaitedReturn,
            held: otherLabelAlone,
            asked: """
                select outcome from maintenance.check_in_assets(
                    1::int2, it('newer'), 1, it('manager_key'), array[it('unit')], '{good}', '{null}', '{null}', '{null}',
                    array[it('change')], array[it('change')], '{}', '{}', '{}', '{}')
                """),
        Case(
            name: "a platform that closes, for bookings under way", held: labelShared,
            asked: """
                select outcome from maintenance.retire_platform(
                    1::int2, it('platform'), it('manager_key'), it('new'), '2027-06-01', 'r', null, false)
                """),
        Case(
            name: "a journey, for bookings under way", given: mobile, held: labelShared,
            asked: """
                select outcome from maintenance.plan_transfer(
                    1::int2, it('new'), it('new'), it('newer'), it('newer'), it('unit'), it('manager_key'), it('site'), null, 30, null,
                    null, 50, null)
                """),
        Case(
            name: "a journey called off, for bookings under way", held: labelShared,
            asked: "select outcome from maintenance.cancel_transfer(1::int2, it('new'), 1, it('manager_key'))"),
        Case(
            name: "a journey called off, for the label of another centre to whom it gives room back", given: awaitedJourney,
            held: otherLabelAlone,
            asked: "select outcome from maintenance.cancel_transfer(1::int2, it('newer'), 1, it('manager_key'))"),
        Case(
            name: "a loan proposed, for bookings under way", held: labelShared,
            asked: """
                select outcome from maintenance.propose_loan(
                    1::int2, it('new'), it('unit'), it('manager_key'), '01990000-0000-7000-8800-000000000001', '2027-06-01', '2027-06-02',
                    null)
                """),
        Case(
            name: "a loan accepted, for bookings under way", given: loan, held: labelShared,
            asked: "select outcome from maintenance.decide_loan(1::int2, it('new'), 1, it('network_key'), true, null)"),
        Case(
            name: "a loan ended, for bookings under way", given: loan, held: labelShared,
            asked: "select outcome from maintenance.return_loan(1::int2, it('new'), 1, it('manager_key'), it('newer'), null)"),
        Case(
            name: "when a fault is over, for bookings under way", given: openFault, held: labelShared,
            asked: "select outcome from maintenance.expect_back(1::int2, it('new'), 1, it('manager_key'), '2027-05-01')"),
        Case(
            name: "the repair of a fault, for bookings under way", given: openFault, held: labelShared,
            asked: "select outcome from maintenance.resolve_fault(1::int2, it('new'), 1, it('manager_key'), null)"),
        Case(
            name: "a state of an asset, for bookings under way", held: labelShared,
            asked: "select outcome from inventory.change_state(1::int2, it('unit'), 1, it('manager_key'), 'inRepair', null, 'r')"),
        Case(
            name: "a table of assets, for bookings under way", held: labelShared,
            asked: "select outcome from inventory.import_assets(1::int2, it('manager_key'), '{}', '[]', 'all')"),
        Case(
            name: "a table of platforms, for bookings under way", held: labelShared,
            asked: "select outcome from platforms.import_platforms(1::int2, it('manager_key'), '{}', '[]')"),
        Case(
            name: "a move to another resource, for a decision on the label", held: labelAlone,
            asked: "select outcome from maintenance.move_booking(it('booked'), 1, it('company_key'), '{1}', array[it('unit')])"),
        Case(
            name: "a move to another resource, for another in the same room", held: room,
            asked: "select outcome from maintenance.move_booking(it('booked'), 1, it('company_key'), '{1}', array[it('platform')])"),
    ]

    @Test func `what must not pass by each other waits, and nothing else`() async throws {
        try await GuardStage.with { stage in
            for item in Self.cases {
                let waited = await failure { try await stage.ask(item.asked, given: item.given, whileHeld: item.held) }
                #expect(waited?.sqlState == .lockNotAvailable, "does not wait: \(item.name); \(waited.map { "\($0)" } ?? "done")")
                let free = await failure { try await stage.ask(item.asked, given: item.given) }
                #expect(free == nil, "fails without anybody in the way: \(item.name)")
            }
        }
    }

    @Test(arguments: [
        "select is_allowed from access.try_password(array[decode(repeat('00', 32), 'hex')], '{10}', 'a@b.example', 15)",
        "select access.begin_sign_in(decode(repeat('00', 32), 'hex'), '/', 10)",
    ])
    func `whoever signs in waits for nobody's old rows`(asked: String) async throws {
        try await GuardStage.with { stage in
            try await stage.asker.execute(
                script: """
                    insert into access.password_try values (decode(repeat('01', 32), 'hex'), 1, now() - interval '1 day');
                    insert into access.sign_in values (decode(repeat('01', 32), 'hex'), '/', now() - interval '1 day')
                    """)
            for held in ["select from access.password_try for update", "select from access.sign_in for update"] {
                let waited = await failure { try await stage.ask(asked, whileHeld: held) }
                #expect(waited == nil, "\(held)")
            }
        }
    }

    @Test func `what is out waits for nobody where its booking has no line of it any more`() async throws {
        try await GuardStage.with { stage in
            try await stage.asker.execute(
                script: """
                    \(Self.mobile); \(Self.isOut);
                    update maintenance.custody set booking_id = it('booked'), organisation_id = it('company'), follows_booking = true
                    """)
            let waited = await failure {
                try await stage.ask(
                    "select maintenance.follow_booking(b, now()) from bookings.booking b where b.id = it('booked')",
                    whileHeld: "select from maintenance.custody for update")
            }
            #expect(waited == nil, "a return may hold it and wait for the booking")
        }
    }

    private static let endOfSeries = "select outcome from bookings.cancel_series(it('series'), it('company_key'), 1, null, false, 'r')"

    @Test func `who comes second sees what the first did`() async throws {
        let cancellation = "select outcome from bookings.cancel(it('booked'), it('company_key'), 1, 'r')"
        let pairs = [
            (name: "a cancellation", first: cancellation, second: cancellation),
            (name: "a change of a series", first: Self.endOfSeries, second: "select try_series_change(1)"),
            (name: "the end of a series", first: "select try_series_change(1)", second: Self.endOfSeries),
        ]
        for pair in pairs {
            try await GuardStage.with { stage in
                try await stage.other.execute(script: "begin")
                _ = try await stage.other.queryText(pair.first)
                async let second = Self.outcome { try await stage.ask(pair.second) }
                try await stage.awaitWaiter()
                try await stage.other.execute(script: "commit")
                let outcome = await second
                #expect(outcome == "versionMismatch", "does not see what came first: \(pair.name)")
            }
        }
    }

    @Test func `bookings of one centre do not wait for each other's labels, nor for other rooms`() async throws {
        try await GuardStage.with { stage in
            let beside = try await stage.ask("select try_booking('new')", whileHeld: Self.labelShared)
            #expect(beside == "created")
            let elsewhere = try await stage.ask("select try_booking('new', p_resource => 'unit')", whileHeld: Self.room)
            #expect(elsewhere == "created")
        }
    }

    static func outcome(_ body: () async throws -> String?) async -> String {
        do { return try await body() ?? "nothing" } catch { return "\(error)" }
    }

    private func failure(_ body: () async throws -> String?) async -> PostgresError? {
        do { _ = try await body() } catch { return error as? PostgresError }
        return nil
    }
}
