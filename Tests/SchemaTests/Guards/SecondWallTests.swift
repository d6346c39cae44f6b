import Postgres
import TestSupport
import Testing

/// What the tables themselves refuse, should a function ever let it through: even to their owner.
@Suite struct SecondWallTests {
    struct Case: Sendable {
        /// The constraint, or the trigger's table.
        let name: String
        var given = ""
        let asked: String
    }

    private static let occupied = """
        insert into platforms.occupancy values (
            1, it('unit'), '2027-06-01T08:00Z', '2027-06-01T10:00Z', '2027-06-01T08:00Z', '2027-06-01T10:00Z', 1, true, it('new'), 1,
            it('company'));
        """
    private static let plannedOutage = """
        insert into maintenance.outage (centre_id, id, resource_id, cause, during, blocked_until, reason, recorded_at, recorded_by)
        values (1, it('new'), it('unit'), 'transfer', '[2027-06-01,2027-06-02)', '2027-06-02', 'r', now(), it('manager_key'));
        select centres.create_site(1::int2, it('held'), 'Autre', 'fixed', 'Mons', 'Europe/Brussels', null, null);
        """

    private static func handedOut(_ id: String, with item: Bool = true) -> String {
        """
        insert into maintenance.custody (centre_id, id, taken_by, due_at, handed_out_at, handed_out_by)
        values (1, it('\(id)'), 'M', now() + interval '1 day', now(), it('manager_key'));
        \(item ? "insert into maintenance.custody_item values (1, it('\(id)'), it('unit'), 'good');" : "")
        """
    }

    private static func journey(_ id: String, _ hour: Int) -> String {
        """
        insert into maintenance.transfer (
            centre_id, id, trip_id, asset_id, from_site_id, to_site_id, during, outage_id, recorded_at, recorded_by)
        values (1, it('\(id)'), it('\(id)'), it('unit'), it('site'), it('held'),
                tstzrange('2027-06-01T0\(hour):00Z', '2027-06-01T11:00Z'), it('new'), now(), it('manager_key'))
        """
    }

    private static func loan(_ id: String, _ day: Int) -> String {
        """
        insert into maintenance.loan (
            centre_id, id, asset_id, borrower, during, proposed_by_centre, proposed_at, proposed_by, state, decided_at, decided_by)
        values (1, it('\(id)'), it('unit'), 0, tstzrange('2027-06-0\(day)', '2027-06-09'), 1, now(), it('manager_key'), 'accepted', now(),
                it('network_key'))
        """
    }

    private static let decided = """
        insert into labels.label_decision
        select centre_id, it('new'), 'withdraw', authority, reference, decided_on, effective_from, effective_to, id, note, proposed_by,
               approved_by, recorded_at + interval '1 second', true
        from labels.label_decision;
        """

    private static func document(_ subject: String, _ address: String) -> String {
        """
        insert into inventory.document values
            (1, it('newer'), \(subject), 'A', 'plan', '\(address)', 'fr', null, now(), it('manager_key'), null, null)
        """
    }

    static let cases: [Case] = [
        Case(
            name: "occupancy_no_unit_twice", given: occupied,
            asked: """
                insert into platforms.occupancy values (1, it('unit'), '2027-06-01T09:00Z', '2027-06-01T11:00Z', '2027-06-01T09:00Z',
                    '2027-06-01T11:00Z', 1, true, it('newer'), 1, it('school'))
                """),
        Case(
            name: "occupancy_is_sound",
            asked: """
                insert into platforms.occupancy values (1, it('unit'), '2027-06-01T09:00Z', '2027-06-01T09:00Z', '2027-06-01T09:00Z',
                    '2027-06-01T09:00Z', 1, true, it('newer'), 1, it('school'))
                """),
        Case(
            name: "closing_minutes",
            asked: "insert into centres.closing values (1, default, null, 'a', '2027-06-01', 600, 600, 'fictif', now())"),
        Case(
            name: "closing_once",
            given: "insert into centres.closing values (1, default, null, 'a', '2027-06-01', 0, 600, 'fictif', now());",
            asked: "insert into centres.closing values (1, default, null, 'a', '2027-06-01', 0, 900, 'fictif', now())"),
        Case(
            name: "custody_item_out_once", given: "\(handedOut("new")) \(handedOut("newer", with: false))",
            asked: "insert into maintenance.custody_item values (1, it('newer'), it('unit'), 'good')"),
        Case(name: "resource_out_is_there", asked: "update platforms.resource set out_count = 1 where id = it('unit')"),
        Case(
            name: "custody_stock_back_is_of_it",
            given: """
                \(handedOut("new", with: false))
                select inventory.create_stock(
                    1::int2, it('newer'), it('manager_key'), 'S', it('site'), true, 5, null, false, null, 0, 0, 15, 1440, 15, 0, 366);
                """,
            asked: "insert into maintenance.custody_stock values (1, it('new'), it('newer'), 2, 3)"),
        Case(
            name: "transfer_one_journey_at_a_time", given: "\(plannedOutage) \(journey("new", 8))", asked: journey("newer", 9)),
        Case(name: "loan_one_borrower_at_a_time", given: loan("new", 1), asked: loan("newer", 2)),
        Case(name: "booking_is_sound", asked: "update bookings.booking set state = 'odd'"),
        Case(name: "booking_occurrence_whole", asked: "update bookings.booking set occurrence = null"),
        Case(name: "booking_holders_whole", asked: "update bookings.booking set holders = array[it('person')]"),
        Case(
            name: "offer_code_once",
            asked: """
                insert into offers.offer (centre_id, id, kind, code, title, sector, audiences, during, created_at, created_by)
                select centre_id, it('new'), kind, code, title, sector, audiences, during, now(), created_by from offers.offer
                """),
        Case(name: "offer_for_one_is_bespoke", asked: "update offers.offer set organisation_id = it('company')"),
        Case(name: "offer_days", asked: "update offers.offer set during = 'empty'"),
        Case(name: "offer_withdrawn", asked: "update offers.offer set withdrawn_at = now()"),
        Case(name: "holder_person_has_pseudonym", asked: "update attestations.holder set pseudonym = null"),
        Case(name: "attestation_withdrawn", asked: "update attestations.attestation set withdrawn_at = now()"),
        Case(
            name: "attestation_of_type_or_for_resource",
            asked: "update attestations.attestation set resource_id = it('platform'), centre_id = 1"),
        Case(
            name: "booking_reference_once",
            asked: """
                insert into bookings.booking
                select centre_id, it('new'), reference, organisation_id, centres, state, initial_state, flags, starts, ends, activity,
                       audiences, head_counts, accompanying, title, contact_name, contact_email, programme, label_status,
                       label_decision_id, file_number, conditional_until, created_at, created_by
                from bookings.booking
                """),
        Case(
            name: "imported_booking_once",
            asked: """
                insert into bookings.imported
                select it('company'), r, sha256('x'), it('booked'), now(), it('company_key') from unnest('{a,b}'::text[]) r
                """),
        Case(
            name: "imported_is_sound",
            asked: "insert into bookings.imported values (it('company'), ' ', sha256('x'), it('booked'), now(), it('company_key'))"),
        Case(name: "document_address_secure", asked: document("it('unit'), null", "http://example.org/")),
        Case(name: "document_of_one", asked: document("null, null", "https://example.org/")),
        Case(name: "line_is_sound", asked: "update bookings.line set ends = starts"),
        Case(
            name: "label_decision_two_people",
            asked: """
                insert into labels.label_decision
                select centre_id, it('new'), kind, authority, reference, decided_on, effective_from, effective_to, null, note,
                       proposed_by, proposed_by, recorded_at + interval '1 second', true
                from labels.label_decision
                """),
        Case(
            name: "label_decision_superseded_once", given: decided,
            asked: """
                insert into labels.label_decision
                select centre_id, it('newer'), kind, authority, reference, decided_on, effective_from, effective_to, supersedes, note,
                       proposed_by, approved_by, recorded_at + interval '2 seconds', true
                from labels.label_decision where id = it('new')
                """),
        Case(
            name: "label_decision_moment",
            asked: """
                insert into labels.label_decision
                select centre_id, it('new'), kind, authority, reference, decided_on, effective_from, effective_to, null, note,
                       proposed_by, approved_by, recorded_at, true
                from labels.label_decision
                """),
        Case(
            name: "label_decision_not_for_the_network",
            asked: """
                insert into labels.label_decision
                select 0, it('new'), kind, authority, reference, decided_on, effective_from, effective_to, null, note,
                       proposed_by, approved_by, recorded_at + interval '1 second', true
                from labels.label_decision
                """),
        Case(
            name: "label_period_no_overlap",
            asked: "insert into labels.label_period (centre_id, during, status) values (1, '[2027-06-01,2027-06-02)', 'labelled')"),
        Case(
            name: "membership_no_overlap",
            asked: """
                insert into access.agreement (centre_id, id, organisation_id, during, state, requested_at, requested_by, decided_at)
                values (0, it('new'), it('company'), '[2027-06-01,2027-06-02)', 'approved', now(), it('network_key'), now())
                """),
        Case(
            name: "centre_carrier_one_a_day",
            asked: "insert into centres.centre_carrier (centre_id, during, carrier) values (1, '[2027-06-01,2027-06-02)', 'forem')"),
        Case(
            name: "agreement_two_people",
            asked: """
                insert into access.agreement (
                    centre_id, id, organisation_id, during, state, requested_at, requested_by, decided_at, decided_by)
                values (1, it('new'), it('company'), '[2027-06-01,2027-06-02)', 'approved', now(), it('manager_key'), now(),
                        it('manager_key'))
                """),
        Case(
            name: "centre_name_one_a_day",
            asked: "insert into centres.centre_name values (1, '[2027-06-01,2027-06-02)', 'Autre')"),
        Case(
            name: "resource_version_no_overlap",
            asked: """
                insert into utilisation.resource_version (
                    centre_id, resource_id, during, name, capacity, setup_minutes, cleanup_minutes, ancestors)
                values (1, it('platform'), '[2027-01-01,2028-01-01)', 'Hall', 1, 0, 0, '{}')
                """),
        Case(
            name: "open_hours_no_overlap",
            asked: """
                insert into centres.open_hours values (1, it('site'), '2027-06-02', '[2027-06-01T12:00Z, 2027-06-02T12:00Z)')
                """),
        Case(
            name: "weekly_opening_no_overlap",
            given: "insert into centres.weekly_opening values (1, it('site'), '[2027-01-01,)', 1, '08:00', '12:00', now())",
            asked: "insert into centres.weekly_opening values (1, it('site'), '[2027-01-02,)', 1, '11:00', '16:00', now())"),
        Case(
            name: "own_opening_no_overlap", given: "insert into centres.own_opening values (1, it('site'), '[2027-01-01,)')",
            asked: "insert into centres.own_opening values (1, it('site'), '[2027-02-01,)')"),
        Case(
            name: "api_key_digest_once",
            asked: """
                insert into access.api_key (organisation_id, id, label, prefix, digest, created_at)
                select organisation_id, it('new'), label, prefix, digest, created_at from access.api_key limit 1
                """),
        Case(
            name: "organisation_one_for_each_centre",
            asked: """
                insert into access.organisation (id, kind, name, enterprise_number, centre_id, created_at)
                values (it('new'), 'centre', 'Autre', '1999000348', 1, now())
                """),
        Case(name: "organisation_enterprise_number_valid", asked: "update access.organisation set enterprise_number = '1999000151'"),
        Case(name: "asset_loaned_in_has_end", asked: "update inventory.asset set state = 'loanedIn'"),
        Case(name: "asset_expected_while_away", asked: "update inventory.asset set expected_at = now()"),
        Case(
            name: "fault_that_stops_use_is_an_outage",
            asked: """
                insert into maintenance.fault (centre_id, id, resource_id, severity, description, reported_at, reported_by)
                values (1, it('new'), it('unit'), 'stopsUse', 'r', now(), it('manager_key'))
                """),
        Case(
            name: "outage_only_a_fault_has_no_end",
            asked: """
                insert into maintenance.outage (centre_id, id, resource_id, cause, during, blocked_until, reason, recorded_at, recorded_by)
                values (1, it('new'), it('unit'), 'closure', '[2027-06-01,)', '2027-07-01', 'r', now(), it('manager_key'))
                """),
        Case(
            name: "resource_capacity_range", asked: "update platforms.resource set capacity = 0 where kind = 'platform'"),
        Case(
            name: "stock_change_goes_one_way",
            given: """
                select inventory.create_stock(
                    1::int2, it('new'), it('manager_key'), 'S', it('site'), true, 5, null, false, null, 0, 0, 15, 1440, 15, 0, 366)
                """,
            asked: "insert into inventory.stock_change values (1, it('new'), 2, 'lost', 1, 6, null, now(), it('manager_key'))"),
        Case(
            name: "kit_member_one_thing",
            given: """
                select inventory.create_kit(
                    1::int2, it('new'), it('manager_key'), 'K', null, '2026-01-01', null, array[it('platform')], '{false}', '{1}',
                    '{false}')
                """,
            asked: "insert into inventory.kit_member values (1, it('new'), 2, 1, null, null, 1, false)"),
        Case(name: "resource_unit_has_capacity_one", asked: "update platforms.resource set capacity = 2 where kind = 'equipment'"),
    ]

    @Test func `every constraint refuses what it is there for`() async throws {
        try await GuardStage.with { stage in
            for item in Self.cases + Self.municipalities {
                var failure: PostgresError?
                do { _ = try await stage.ask(item.asked, given: item.given) } catch { failure = error as? PostgresError }
                #expect(failure?.constraint == item.name, "lets it through: \(item.name); \(failure.map { "\($0)" } ?? "done")")
            }
        }
    }
}
