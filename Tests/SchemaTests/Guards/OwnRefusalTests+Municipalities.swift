extension OwnRefusalTests {
    static let municipalities: [Case] = [
        Case(
            name: "a list of municipalities entered by others than the network's manager",
            asked: "select outcome from \(SecondWallTests.list("1", "2019-01-01", by: "manager_key"))", answer: "forbidden"),
        Case(
            name: "a list of municipalities entered by the network's manager",
            asked: "select outcome from \(SecondWallTests.list("1", "2019-01-01"))", answer: "entered"),
        Case(
            name: "a site changed by others than its centre's manager", asked: change(version: 1, by: "company_key"), answer: "forbidden"),
        Case(name: "a site changed in another version", asked: change(version: 2, by: "manager_key"), answer: "versionMismatch"),
    ]

    private static func change(version: Int, by key: String) -> String {
        """
        select outcome from centres.change_site(
            1::int2, it('site'), \(version), it('\(key)'), 'Hall', null, null, null, null, null, null)
        """
    }
}
