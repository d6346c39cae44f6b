extension OwnRefusalTests {
    private static let rules = "0, 0, 15, 1440, 15, 0, 366"
    private static let stock =
        "select inventory.create_stock(1::int2, it('new'), it('manager_key'), 'S', it('site'), true, 5, null, false, null, \(rules))"
    private static let kit = """
        select inventory.create_kit(
            1::int2, it('newer'), it('manager_key'), 'K', null, '2026-01-01', null, array[it('platform')], '{false}', '{1}', '{false}')
        """

    private static func out(_ amount: Int, as id: String = "newer", by key: String = "manager_key", booking: String = "null") -> String {
        """
        select outcome from maintenance.check_out_assets(
            1::int2, it('\(id)'), it('\(key)'), \(booking), null, 'M', '2027-06-01T09:00Z', null, null, '{}', '{}', '{}', '{}',
            array[it('new')], '{\(amount)}', '{null}')
        """
    }

    private static func back(_ amount: Int, by key: String = "manager_key") -> String {
        """
        select outcome from maintenance.check_in_assets(
            1::int2, it('newer'), 1, it('\(key)'), '{}', '{}', '{}', '{}', '{}', '{}', '{}', array[it('new')], '{\(amount)}', '{good}',
            '{null}')
        """
    }

    private static func count(_ found: Int, by key: String = "manager_key") -> String {
        "select inventory.count_stock(1::int2, it('change'), it('\(key)'), it('new'), \(found))"
    }

    private static let opened = "select inventory.open_stocktake(1::int2, it('change'), it('manager_key'), null)"
    private static let closed =
        "select outcome from inventory.close_stocktake(1::int2, it('change'), it('manager_key'), array[it('new')])"

    static let stocks: [Case] = [
        Case(name: "items handed out without the role", given: stock, asked: out(2, by: "company_key"), answer: "forbidden"),
        Case(name: "items handed out", given: stock, asked: out(5), answer: "checkedOut"),
        Case(name: "more items handed out than there are", given: stock, asked: out(6), answer: "tooFewInHouse"),
        Case(
            name: "more items handed out than others left", given: "\(stock); \(out(3, as: "series"))", asked: out(3),
            answer: "tooFewInHouse"),
        Case(
            name: "items handed out that others have booked", given: "\(stock); select try_booking('series', p_resource => 'new')",
            asked: out(5).replacing("T09:00Z", with: "T18:00Z"), answer: "tooFewFree"),
        Case(
            name: "items handed out for a booking of something else", given: stock, asked: out(1, booking: "it('booked')"),
            answer: "stockNotBooked"),
        Case(
            name: "items taken back without the role", given: "\(stock); \(out(2))", asked: back(1, by: "company_key"),
            answer: "forbidden"),
        Case(name: "more items taken back than are out", given: "\(stock); \(out(2))", asked: back(3), answer: "tooManyBack"),
        Case(
            name: "fewer items than are out", given: "\(stock); \(out(4))",
            asked: "select outcome from inventory.change_amount(1::int2, it('new'), it('manager_key'), 'lost', -2, null)",
            answer: "itemsOut"),
        Case(
            name: "items in house counted without the role", given: "\(stock); \(opened)", asked: count(4, by: "company_key"),
            answer: "forbidden"),
        Case(name: "a correction of what nobody counted", given: "\(stock); \(opened)", asked: closed, answer: "notCounted"),
        Case(
            name: "a correction of what is as it should be", given: "\(stock); \(opened); \(count(5))", asked: closed,
            answer: "noDifference"),
        Case(
            name: "a correction below what is out", given: "\(stock); \(opened); \(count(1)); \(out(3))", asked: closed,
            answer: "itemsOut"),
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
