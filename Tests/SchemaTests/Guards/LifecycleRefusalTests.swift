import Postgres
import TestSupport
import Testing

/// What the functions of a booking's life refuse by themselves, whoever calls them.
@Suite struct LifecycleRefusalTests {
    struct Case: Sendable {
        let name: String
        var given = ""
        /// What another session holds meanwhile.
        var held: String?
        let asked: String
        /// Nil: no row, or nothing in it.
        let answer: String?
    }

    private static let hold = "update bookings.booking set state = 'held', expires_at = plateau.clock() + interval '1 hour'"
    private static let lapsed = "update bookings.booking set state = 'held', expires_at = plateau.clock() - interval '1 second'"
    private static let requested = """
        update bookings.booking set state = 'requested', expires_at = plateau.clock() + interval '1 hour';
        insert into bookings.approval values (1, it('booked'), 1, 1, now())
        """
    private static let waiting = """
        update bookings.booking set state = 'waitlisted', expires_at = starts; delete from platforms.occupancy;
        insert into bookings.waiting values (1, it('booked'), 0, now());
        insert into bookings.vacancy (centre_id, resource_id, starts, ends, noted_at)
        values (1, it('platform'), '2027-06-01', '2027-06-02', now())
        """
    private static let begun = "call plateau.set_clock_offset(timestamptz '2027-06-01T08:05Z' - clock_timestamp())"
    private static let confirm = "select outcome from bookings.confirm(it('booked'), it('company_key'), 1, null)"
    private static let noHolds = "update bookings.policy set holds_per_organisation = 0"

    private static func reserve(
        _ tail: String, key: String = "company_key", minutes: Int = 60, seats: Int = 1
    ) -> String {
        """
        select (bookings.reserve(it('new'), reference('new'), it('\(key)'), it('company'), 'demonstration', '{}', '{}', 0, null, null,
            null, null, array[it('platform')], '{2027-06-01T08:00Z}',
            array[timestamptz '2027-06-01T08:00Z' + make_interval(mins => \(minutes))],
            '{\(seats)}', null, null, false, null, null, \(tail))).outcome
        """
    }

    private static let cases: [Case] = [
        Case(name: "a hold that is confirmed", given: hold, asked: confirm, answer: "confirmed"),
        Case(name: "a hold that has lapsed", given: lapsed, asked: confirm, answer: "holdExpired"),
        Case(
            name: "another version of a hold", given: hold,
            asked: "select outcome from bookings.confirm(it('booked'), it('company_key'), 2, null)", answer: "versionMismatch"),
        Case(
            name: "a hold of another organisation", given: hold,
            asked: "select outcome from bookings.confirm(it('booked'), it('authority_key'), 1, null)", answer: "forbidden"),
        Case(
            name: "one hold too many", given: noHolds, asked: reserve("'held', plateau.clock() + interval '5 minutes'"), answer: "refused"),
        Case(
            name: "a request approved by who asks",
            given: "\(requested); update access.api_key_role set role = 'centreStaff', centre_id = 1 where key_id = it('company_key')",
            asked: "select outcome from bookings.decide(it('booked'), it('company_key'), 1, true, null)", answer: "ownRequest"),
        Case(
            name: "a request approved by a stranger", given: requested,
            asked: "select outcome from bookings.decide(it('booked'), it('authority_key'), 1, true, null)", answer: "forbidden"),
        Case(
            name: "a request approved by its centre", given: requested,
            asked: "select outcome from bookings.decide(it('booked'), it('manager_key'), 1, true, null)", answer: "decided"),
        Case(
            name: "a request that has lapsed",
            given: "\(requested); update bookings.booking set expires_at = plateau.clock() - interval '1 second'",
            asked: "select outcome from bookings.decide(it('booked'), it('manager_key'), 1, true, null)", answer: "requestExpired"),
        Case(
            name: "a use before its time", asked: "select outcome from bookings.check_in(it('booked'), it('company_key'), 1, null)",
            answer: "tooEarly"),
        Case(
            name: "a use by a stranger", given: begun,
            asked: "select outcome from bookings.check_in(it('booked'), it('authority_key'), 1, null)", answer: "forbidden"),
        Case(
            name: "a use while the label is suspended", given: "\(begun); update labels.label_period set status = 'suspended'",
            asked: "select outcome from bookings.check_in(it('booked'), it('company_key'), 1, null)", answer: "labelSuspended"),
        Case(
            name: "the end of a use that has not begun",
            asked: "select outcome from bookings.check_out(it('booked'), it('company_key'), 1, null, null, null, null, null)",
            answer: "notInUse"),
        Case(
            name: "a no-show before its time", asked: "select outcome from bookings.mark_no_show(it('booked'), it('manager_key'), 1, null)",
            answer: "tooEarly"),
        Case(
            name: "a no-show told by its organisation", given: begun,
            asked: "select outcome from bookings.mark_no_show(it('booked'), it('company_key'), 1, null)", answer: "forbidden"),
        Case(
            name: "a priority that its organisation gives itself", given: waiting,
            asked: "select outcome from bookings.set_priority(it('booked'), it('company_key'), 1, 1::int2, 'r')", answer: "forbidden"),
        Case(
            name: "a quota that is used up",
            given: """
                select bookings.set_quota('01990000-0000-7000-8400-0000000000aa', it('company'), 'limit', null, 'week', 30, null,
                    '2020-01-01', null, null, it('manager_key'))
                """, asked: reserve("'booked'"), answer: "refused"),
        Case(
            name: "a rule set aside by its organisation",
            asked: reserve("'booked', null, null, 'r', '{offGrid}'", minutes: 67), answer: "overrideForbidden"),
        Case(
            name: "a rule set aside by the staff",
            asked: reserve("'booked', null, null, 'r', '{offGrid}'", key: "manager_key", minutes: 67), answer: "created"),
        Case(
            name: "room set aside by the staff",
            asked: reserve("'booked', null, null, 'r', '{capacityFull}'", key: "manager_key", seats: 12), answer: "refused"),
        Case(name: "an offer", given: waiting, asked: "select bookings.promote_next()", answer: "offered"),
        Case(
            name: "an offer while another is made", given: waiting, held: "select pg_advisory_xact_lock(9, 0)",
            asked: "select bookings.promote_next()", answer: nil),
        Case(
            name: "a policy changed by a centre",
            asked: "select bookings.change_policy(1, 1, 1, 5, 0, 0, it('manager_key'))", answer: "forbidden"),
        Case(
            name: "terms set by a company",
            asked: "select outcome from bookings.set_resource_terms(it('platform'), it('company_key'), 0, '{}', false, 30, 0, 0, 0)",
            answer: "forbidden"),
        Case(
            name: "a quota set by a company",
            asked: """
                select bookings.set_quota('01990000-0000-7000-8400-0000000000aa', it('company'), 'limit', null, 'week', 30, null,
                    '2020-01-01', null, null, it('company_key'))
                """, answer: "forbidden"),
        Case(
            name: "a step that no booking takes",
            asked: """
                select bookings.leave(b, 'rejected', null, null, null, 'e', now()) from bookings.booking b where b.id = it('booked')
                """, answer: "booking_state_follows"),
    ]

    @Test func `a booking's life keeps to its rules by itself`() async throws {
        try await GuardStage.with { stage in
            for item in Self.cases {
                var answer: String?
                do {
                    answer =
                        if let held = item.held { try await stage.ask(item.asked, given: item.given, whileHeld: held) } else {
                            try await stage.ask(item.asked, given: item.given)
                        }
                } catch {
                    answer = (error as? PostgresError)?.constraint ?? "\(error)"
                }
                #expect(answer == item.answer, "not as it must be: \(item.name)")
            }
        }
    }

    @Test func `holds of one organisation are counted one after the other`() async throws {
        try await GuardStage.with { stage in
            let waited = await failure {
                try await stage.ask(
                    Self.reserve("'held', plateau.clock() + interval '5 minutes'"),
                    whileHeld: "select pg_advisory_xact_lock(bookings.organisation_lock(it('company')))")
            }
            #expect(waited?.sqlState == .lockNotAvailable, "does not wait: a hold, for another of its organisation")
        }
    }

    private func failure(_ body: () async throws -> String?) async -> PostgresError? {
        do { _ = try await body() } catch { return error as? PostgresError }
        return nil
    }
}
