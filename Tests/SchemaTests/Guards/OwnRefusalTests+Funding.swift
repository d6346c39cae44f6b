extension OwnRefusalTests {
    private static let line = "'A', 'public', 4000, null, null, null, '2026-01-01', null, null, null, null"

    static let funding: [Case] = [
        Case(
            name: "a funding line added by others than its centre's manager",
            asked: "select outcome from inventory.add_funding_line(1::int2, it('new'), it('company_key'), it('unit'), null, \(line))",
            answer: "forbidden"),
        Case(
            name: "a funding line changed by others than its centre's manager", given: given,
            asked: "select outcome from inventory.change_funding_line(1::int2, it('new'), 1, it('company_key'), null, \(line))",
            answer: "forbidden"),
        Case(
            name: "a funding line ended by others than its centre's manager", given: given,
            asked: "select outcome from inventory.end_funding_line(1::int2, it('new'), 1, it('company_key'), 'r')", answer: "forbidden"),
        Case(
            name: "a funding line changed in another version", given: given,
            asked: "select outcome from inventory.change_funding_line(1::int2, it('new'), 2, it('manager_key'), null, \(line))",
            answer: "versionMismatch"),
        Case(
            name: "a funding line ended in another version", given: given,
            asked: "select outcome from inventory.end_funding_line(1::int2, it('new'), 2, it('manager_key'), 'r')",
            answer: "versionMismatch"),
        Case(
            name: "a funding line of what the centre has not",
            asked: "select outcome from inventory.add_funding_line(1::int2, it('new'), it('manager_key'), it('booked'), null, \(line))",
            answer: "notFound"),
    ]

    private static let given = "select inventory.add_funding_line(1::int2, it('new'), it('manager_key'), it('unit'), null, \(line))"
}
