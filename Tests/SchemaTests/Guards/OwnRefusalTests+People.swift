extension OwnRefusalTests {
    private static func person(_ role: String, by maker: String) -> String {
        """
        select access.register_person(
            it('company'), it('new'), it('newer'), decode(repeat('00', 32), 'hex'), 'n', 'a@b.example', null, null, '{\(role)}', '{-1}',
            it('\(maker)_key'))
        """
    }
    private static let registered = person("booker", by: "network")

    static let people: [Case] = [
        Case(name: "a person registered by a manager", asked: person("booker", by: "network"), answer: "registered"),
        Case(name: "a person registered without the role", asked: person("booker", by: "company"), answer: "forbidden"),
        Case(
            name: "a person registered under a revoked key", given: revoked, asked: person("booker", by: "network"), answer: "forbidden"),
        Case(
            name: "a person of whom two decide together, by a manager", asked: person("labelAuthority", by: "network"),
            answer: "roleNotGrantable"),
        Case(
            name: "a person registered twice", given: registered,
            asked: """
                select access.register_person(
                    it('school'), it('change'), it('series'), decode(repeat('01', 32), 'hex'), 'm', 'a@b.example', null, null, '{booker}',
                    '{-1}', it('network_key'))
                """, answer: "registeredAlready"),
        Case(
            name: "a password changed from another than the former one",
            given: "select access.set_password('a@b.example', 'kept') from (\(registered)) r",
            asked: "select access.change_password(it('newer'), 'other', 'new', decode(repeat('00', 32), 'hex'))::text", answer: "false"),
        Case(
            name: "a person removed without the role", given: registered,
            asked: "select access.remove_person_by(it('company'), it('new'), it('company_key'))", answer: "forbidden"),
        Case(
            name: "a person of another organisation", given: registered,
            asked: "select access.remove_person_by(it('school'), it('new'), it('network_key'))", answer: "unknown"),
        Case(
            name: "persons listed without the role", given: registered,
            asked: "select p.name from access.people_of(it('company'), it('company_key'), null, null, 9) p", answer: nil),
        Case(
            name: "persons listed by a manager", given: registered,
            asked: "select p.name from access.people_of(it('company'), it('network_key'), null, null, 9) p", answer: "n"),
    ]
}
