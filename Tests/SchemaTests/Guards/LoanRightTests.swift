import Postgres
import TestSupport
import Testing

/// Rights that a loan gives end with it, for who waits for its end too.
@Suite struct LoanRightTests {
    /// Another centre has the machine on loan.
    private static let lent = """
        \(LockTests.mobile);
        select centres.create_centre(
            2::int2, '01990000-0000-7000-8800-000000000001', 'centre', 'asbl', 'Autre', '2000-01-01', 'Europe/Brussels', true);
        select access.create_api_key(
            it('company'), it('stranger_key'), 'l', 'p', decode(repeat('00', 32), 'hex'), null, '{centreManager}', '{2}', null);
        insert into maintenance.loan (
            centre_id, id, asset_id, borrower, during, proposed_by_centre, proposed_at, proposed_by, state, decided_at, decided_by)
        values (1, it('new'), it('unit'), 2, tstzrange(now() - interval '1 hour', now() + interval '9 days'), 1, now(), it('manager_key'),
                'accepted', now(), it('network_key'))
        """
    private static let handOut = """
        select outcome from maintenance.check_out_assets(
            1::int2, it('newer'), it('stranger_key'), null, it('company'), 'M', now() + interval '1 day', null, null, array[it('unit')],
            '{good}', '{null}', array[it('newer')], '{}', '{}', '{}')
        """
    private static let takeBack = """
        select outcome from maintenance.check_in_assets(
            1::int2, it('newer'), 1, it('stranger_key'), array[it('unit')], '{damaged}', '{r}', '{null}', '{limitsUse}',
            array[it('change')], array[it('change')], '{}', '{}', '{}', '{}')
        """
    private static let borrowersFault = LockTests.fault.replacing("manager_key", with: "stranger_key")

    @Test(arguments: [
        ("hands it out", lent, handOut), ("takes it back", "\(lent); \(LockTests.isOut)", takeBack),
        ("reports its fault", lent, borrowersFault),
    ])
    func `whoever waits for the end of a loan has it on loan no more`(name: String, given: String, asked: String) async throws {
        try await GuardStage.with { stage in
            try await stage.asker.execute(script: given)
            try await stage.other.execute(script: "begin")
            _ = try await stage.other.queryText(
                "select outcome from maintenance.return_loan(1::int2, it('new'), 1, it('manager_key'), it('held'), null)")
            async let second = LockTests.outcome { try await stage.ask(asked) }
            try await stage.awaitWaiter()
            try await stage.other.execute(script: "commit")
            let outcome = await second
            #expect(outcome == "forbidden", "still \(name)")
        }
    }
}
