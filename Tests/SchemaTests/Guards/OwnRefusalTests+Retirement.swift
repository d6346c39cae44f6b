extension OwnRefusalTests {
    private static let retired = "update platforms.resource set retired_at = '2027-06-01T09:00Z' where id = it('platform')"

    static let retirements: [Case] = [
        Case(
            name: "a booking of an asset that was retired",
            given: "select inventory.change_state(1::int2, it('unit'), 1, it('manager_key'), 'retired', null, 'r')", asked: useOfUnit,
            answer: "refused"),
        Case(name: "a booking of what is retired before it ends", given: retired, asked: "select try_booking('new')", answer: "refused"),
        Case(
            name: "a booking of a part of what is retired by then",
            given: """
                select platforms.add_workstation(1::int2, it('platform'), it('newer'), it('change'), 'Bench', null);
                \(retired)
                """, asked: "select try_booking('new', p_resource => 'newer')", answer: "refused"),
        Case(
            name: "room in what is retired by then", given: retired,
            asked: """
                select platforms.has_room(r, '[2027-06-01T08:00Z, 2027-06-01T10:00Z)', 1) from platforms.resource r
                where r.id = it('platform')
                """, answer: "f"),
    ]
}
