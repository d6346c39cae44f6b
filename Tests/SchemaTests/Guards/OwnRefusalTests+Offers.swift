extension OwnRefusalTests {
    static let offers: [Case] = [
        Case(
            name: "an offer added by others than its centre's manager",
            asked: """
                select offers.create_offer(1::int2, it('new'), it('company_key'), 'catalogue', null, 'T', null, 'metal', '{}', '{worker}',
                                           '{}', null, null, null, '2026-01-01', null)
                """, answer: "forbidden"),
        Case(
            name: "an offer changed by others than its centre's manager",
            asked: """
                select outcome from offers.change_offer(
                    1::int2, it('course'), 1, it('company_key'), 'catalogue', null, 'T', null, 'metal', '{}', '{worker}', '{}', null, null,
                    null, '2026-01-01', null)
                """, answer: "forbidden"),
        Case(
            name: "an offer withdrawn by others than its centre's manager",
            asked: "select outcome from offers.withdraw_offer(1::int2, it('course'), 1, it('company_key'), 'r')", answer: "forbidden"),
        Case(
            name: "an offer changed in another version",
            asked: """
                select outcome from offers.change_offer(
                    1::int2, it('course'), 2, it('manager_key'), 'catalogue', null, 'T', null, 'metal', '{}', '{worker}', '{}', null, null,
                    null, '2026-01-01', null)
                """, answer: "versionMismatch"),
        Case(
            name: "an offer withdrawn in another version",
            asked: "select outcome from offers.withdraw_offer(1::int2, it('course'), 2, it('manager_key'), 'r')",
            answer: "versionMismatch"),
        Case(
            name: "an offer withdrawn twice", given: "select withdraw_course()",
            asked: """
                select outcome from offers.withdraw_offer(1::int2, it('course'), 2, it('manager_key'), 'r')
                """, answer: "withdrawn"),
        Case(
            name: "a booking for an offer that is withdrawn", given: "select withdraw_course()", asked: "select try_course('new')",
            answer: "refused"),
    ]
}
