extension OwnRefusalTests {
    private static let rules = "0, 0, 15, 1440, 15, 0, 366"
    private static let stock =
        "select inventory.create_stock(1::int2, it('new'), it('manager_key'), 'S', it('site'), true, 5, null, false, null, \(rules))"
    private static let kit = """
        select inventory.create_kit(
            1::int2, it('newer'), it('manager_key'), 'K', null, '2026-01-01', null, array[it('platform')], '{false}', '{1}', '{false}')
        """

    static let stocks: [Case] = [
        Case(
            name: "a stock entered by others than its centre's manager",
            asked: """
                select inventory.create_stock(
                    1::int2, it('new'), it('company_key'), 'S', it('site'), true, 5, null, false, null, \(rules))
                """, answer: "forbidden"),
        Case(
            name: "a stock changed by others than its centre's manager", given: stock,
            asked: """
                select outcome from inventory.change_stock(
                    1::int2, it('new'), 1, it('company_key'), 'T', true, null, false, null, \(rules))
                """, answer: "forbidden"),
        Case(
            name: "items counted by others than the staff", given: stock,
            asked: "select outcome from inventory.change_amount(1::int2, it('new'), it('company_key'), 'lost', -1, null)",
            answer: "forbidden"),
        Case(
            name: "a platform counted as a stock",
            asked: "select outcome from inventory.change_amount(1::int2, it('platform'), it('manager_key'), 'lost', -1, null)",
            answer: "notFound"),
        Case(
            name: "use of what is no consumable", given: stock,
            asked: "select outcome from inventory.change_amount(1::int2, it('new'), it('manager_key'), 'used', -1, null)",
            answer: "notConsumable"),
        Case(
            name: "items counted by the rules of use", given: stock,
            asked: "select outcome from platforms.change_resource(1::int2, it('new'), 1, 'S', true, 4, \(rules))",
            answer: "amountHasCause"),
        Case(
            name: "items counted by the rules of use of another version", given: stock,
            asked: "select outcome from platforms.change_resource(1::int2, it('new'), 9, 'S', true, 4, \(rules))",
            answer: "versionMismatch"),
        Case(
            name: "items counted as workstations", given: stock,
            asked: """
                select outcome from platforms.change_platform(
                    1::int2, it('new'), 1, 'S', null, true, 4, \(rules), null, null, '{}', '{}', '{}', '{}', '{}', '{}')
                """, answer: "amountHasCause"),
        Case(
            name: "a kit made by others than its centre's manager",
            asked: """
                select outcome from inventory.create_kit(
                    1::int2, it('newer'), it('company_key'), 'K', null, '2026-01-01', null, array[it('platform')], '{false}', '{1}',
                    '{false}')
                """, answer: "forbidden"),
        Case(
            name: "a kit changed by others than its centre's manager", given: kit,
            asked: """
                select outcome from inventory.change_kit(
                    1::int2, it('newer'), 1, it('company_key'), 'K', null, '2026-01-01', null, array[it('platform')], '{false}', '{1}',
                    '{false}')
                """, answer: "forbidden"),
        Case(
            name: "a kit booked by who may not book for the organisation", given: kit,
            asked: """
                select outcome from bookings.reserve_kits(
                    it('new'), 'R', it('company_key'), it('school'), 'demonstration', '{}', '{}', 0, null, null, null, null,
                    array[it('newer')], '{true}', '{null}', '{2027-06-01T09:00Z}', '{2027-06-01T10:00Z}', '{0}', false, '{-1}', null,
                    'booked', null, null, null, '{}', '{}', null, null, null, null)
                """, answer: "forbidden"),
    ]
}
