extension OwnRefusalTests {
    private static let retired = "update platforms.resource set retired_at = '2027-06-01T09:00Z' where id = it('platform')"

    private static func close(from day: String = "2027-06-01", by key: String = "manager_key", expecting: String = "null") -> String {
        """
        select outcome from maintenance.retire_platform(
            1::int2, it('platform'), it('\(key)'), it('new'), '\(day)', 'r', \(expecting), false)
        """
    }

    static let retirements: [Case] = [
        Case(name: "a platform closed by others than its centre's manager", asked: close(by: "company_key"), answer: "forbidden"),
        Case(name: "a platform closed in the past", asked: close(from: "2020-01-01"), answer: "past"),
        Case(name: "a platform closed twice", given: close(), asked: close(), answer: "retired"),
        Case(
            name: "a platform closed under other bookings than were shown", given: "select try_booking('newer')",
            asked: close(expecting: "'{}'"), answer: "displacedChanged"),
        Case(name: "a booking of what closes before it ends", given: close(), asked: "select try_booking('newer')", answer: "refused"),
        Case(
            name: "a booking of a part of what closes before it ends",
            given: """
                select platforms.add_workstation(1::int2, it('platform'), it('newer'), it('change'), 'Bench', null);
                \(close())
                """, asked: "select (r.retired_at is not null)::text from platforms.resource r where r.id = it('newer')", answer: "true"),
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
