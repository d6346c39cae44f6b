extension SecondWallTests {
    /// Enters a list of two municipalities.
    static func list(_ version: String, _ day: String, by key: String = "network_key") -> String {
        """
        centres.enter_municipality_list(
            'DEMO', '\(version)', '\(day)', '9', '[{"code": "1", "name": "Ville"}, {"code": "2", "name": "Ville"}]', '[]', it('\(key)'))
        """
    }

    private static let listed = "select \(list("1", "2019-01-01")); select \(list("2", "2020-01-01"));"
    static let municipalities: [Case] = [
        Case(name: "site_municipality_whole", asked: "update centres.site set municipality_code = '1'"),
        Case(
            name: "site_municipality", given: listed,
            asked: """
                update centres.site set municipality_scheme = 'DEMO', municipality_version = '1', municipality_code = '3'
                """),
        Case(
            name: "municipality_list_one_follows", given: listed,
            asked: "insert into centres.municipality_list values ('DEMO', '3', '2021-01-01', '1', now(), it('network_key'))"),
        Case(
            name: "municipality_list_day_once", given: listed,
            asked: "insert into centres.municipality_list values ('DEMO', '3', '2020-01-01', '2', now(), it('network_key'))"),
        Case(
            name: "municipality_list_former", given: listed,
            asked: "insert into centres.municipality_list values ('DEMO', '3', '2021-01-01', '4', now(), it('network_key'))"),
        Case(
            name: "municipality_of_list", given: listed, asked: "insert into centres.municipality values ('DEMO', '3', '1', 'Ville')"),
        Case(
            name: "municipality_names_by_language", given: listed,
            asked: """
                insert into centres.municipality values ('DEMO', '1', '3', 'Ville', '{"it": "Ville"}')
                """),
        Case(
            name: "municipality_successor_list", given: listed,
            asked: "insert into centres.municipality_successor values ('DEMO', '2', '2', '1', '1')"),
        Case(
            name: "municipality_successor_code", given: listed,
            asked: "insert into centres.municipality_successor values ('DEMO', '2', '1', '3', '1')"),
        Case(
            name: "municipality_successor_next", given: listed,
            asked: "insert into centres.municipality_successor values ('DEMO', '2', '1', '1', '3')"),
    ]
}
