extension OwnRefusalTests {
    private static let mobile = "update inventory.asset set is_mobile = true, platform_id = null;"
    private static let elsewhere = """
        \(mobile) select centres.create_site(1::int2, it('held'), 'Autre', 'fixed', 'Mons', 'Europe/Brussels', null, null);
        """
    private static let lent = """
        \(mobile) select centres.create_centre(
            2::int2, '01990000-0000-7000-8800-000000000001', 'centre', 'asbl', 'Autre', '2000-01-01', 'Europe/Brussels', true);
        insert into maintenance.loan (centre_id, id, asset_id, borrower, during, proposed_by_centre, proposed_at, proposed_by)
        values (1, it('new'), it('unit'), 2, '[2027-05-31,2027-06-03)', 1, now(), it('network_key'));
        """
    private static let inForce = """
        \(lent) update maintenance.loan set state = 'accepted', decided_at = now(), decided_by = it('network_key');
        """

    private static func out(_ id: String, until due: String = "2027-06-01T09:00Z", by key: String = "manager_key") -> String {
        """
        select outcome from maintenance.check_out_assets(
            1::int2, it('\(id)'), it('\(key)'), null, null, 'M', '\(due)', null, null, array[it('unit')], '{good}', '{null}',
            array[it('\(id)')], '{}', '{}', '{}')
        """
    }

    private static func back(_ version: Int = 1, by key: String = "manager_key") -> String {
        """
        select outcome from maintenance.check_in_assets(
            1::int2, it('new'), \(version), it('\(key)'), array[it('unit')], '{good}', '{null}', '{null}', '{null}', array[it('newer')],
            array[it('newer')], '{}', '{}', '{}', '{}')
        """
    }

    private static func travel(_ departs: String = "2027-06-01T09:00Z", by key: String = "manager_key") -> String {
        """
        select outcome from maintenance.plan_transfer(
            1::int2, it('new'), it('newer'), it('change'), it('series'), it('unit'), it('\(key)'), it('held'), '\(departs)', 30, null, null,
            50, null)
        """
    }

    private static func stay(_ version: Int = 1, by key: String = "manager_key") -> String {
        "select outcome from maintenance.cancel_transfer(1::int2, it('new'), \(version), it('\(key)'))"
    }

    private static func lend(by key: String = "manager_key") -> String {
        """
        select outcome from maintenance.propose_loan(
            1::int2, it('newer'), it('unit'), it('\(key)'), '01990000-0000-7000-8800-000000000001', '2027-07-01', '2027-07-02', null)
        """
    }

    private static func accept(_ version: Int = 1, by key: String = "network_key") -> String {
        "select outcome from maintenance.decide_loan(1::int2, it('new'), \(version), it('\(key)'), true, null)"
    }

    private static func goBack(_ version: Int = 1, by key: String = "manager_key") -> String {
        "select outcome from maintenance.return_loan(1::int2, it('new'), \(version), it('\(key)'), it('newer'), null)"
    }

    static let custody: [Case] = [
        Case(name: "equipment handed out without the role", given: mobile, asked: out("new", by: "company_key"), answer: "forbidden"),
        Case(name: "equipment handed out", given: mobile, asked: out("new"), answer: "checkedOut"),
        Case(name: "equipment handed out that stands fast", asked: out("new"), answer: "notMobile"),
        Case(name: "equipment handed out twice", given: "\(mobile) \(out("newer"))", asked: out("new"), answer: "out"),
        Case(
            name: "equipment handed out while others expect it", given: "\(mobile) select try_booking('newer', p_resource => 'unit')",
            asked: out("new"), answer: "awaited"),
        Case(
            name: "equipment taken back without the role", given: "\(mobile) \(out("new"))", asked: back(by: "company_key"),
            answer: "forbidden"),
        Case(name: "another version of what is out", given: "\(mobile) \(out("new"))", asked: back(2), answer: "versionMismatch"),
        Case(name: "equipment taken back", given: "\(mobile) \(out("new"))", asked: back(), answer: "checkedIn"),
        Case(name: "a journey without the role", given: elsewhere, asked: travel(by: "company_key"), answer: "forbidden"),
        Case(
            name: "a journey while somebody has it", given: "\(elsewhere) select try_booking('newer', p_resource => 'unit')",
            asked: travel(), answer: "awaited"),
        Case(
            name: "a journey called off without the role", given: "\(elsewhere) \(travel())", asked: stay(by: "company_key"),
            answer: "forbidden"),
        Case(name: "another version of a journey", given: "\(elsewhere) \(travel())", asked: stay(2), answer: "versionMismatch"),
        Case(name: "a journey called off", given: "\(elsewhere) \(travel())", asked: stay(), answer: "cancelled"),
        Case(name: "a loan without the role", given: lent, asked: lend(by: "company_key"), answer: "forbidden"),
        Case(name: "a loan to a centre without a label", given: lent, asked: lend(), answer: "refused"),
        Case(name: "a loan accepted without the role", given: lent, asked: accept(by: "company_key"), answer: "forbidden"),
        Case(name: "a loan accepted by its own side", given: lent, asked: accept(by: "manager_key"), answer: "forbidden"),
        Case(name: "a loan accepted by who proposed it", given: lent, asked: accept(), answer: "ownProposal"),
        Case(name: "another version of a loan", given: lent, asked: accept(2), answer: "versionMismatch"),
        Case(
            name: "a booking of what is on loan", given: inForce, asked: "select try_booking('newer', p_resource => 'unit')",
            answer: "refused"),
        Case(name: "a loan ended without the role", given: inForce, asked: goBack(by: "company_key"), answer: "forbidden"),
        Case(name: "the end of another version of a loan", given: inForce, asked: goBack(2), answer: "versionMismatch"),
        Case(name: "a loan ended", given: inForce, asked: goBack(), answer: "ended"),
    ]
}
