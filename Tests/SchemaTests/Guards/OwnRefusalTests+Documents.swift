extension OwnRefusalTests {
    private static func add(_ key: String, to resource: String = "unit", ofModel: Bool = false) -> String {
        """
        select inventory.add_document(
            1::int2, it('newer'), it('\(key)'), it('\(resource)'), \(ofModel), 'A', 'manual', 'https://example.org/', 'fr', null)
        """
    }

    private static let many = """
        insert into inventory.document (centre_id, id, resource_id, title, kind, address, language, recorded_at, recorded_by)
        select 1, ('01990000-0000-7000-8400-0000000010' || lpad(to_hex(n), 2, '0'))::uuid, it('unit'), 'A', 'plan',
               'https://example.org/', 'fr', now(), it('manager_key')
        from generate_series(1, 50) n
        """
    private static let added = add("manager_key")

    static let documents: [Case] = [
        Case(name: "a document by who is not on the staff", asked: add("company_key"), answer: "forbidden"),
        Case(name: "a document by the staff", asked: add("manager_key"), answer: "added"),
        Case(name: "a document of nothing", asked: add("manager_key", to: "booked"), answer: "notFound"),
        Case(name: "a document of the model of a platform", asked: add("manager_key", to: "platform", ofModel: true), answer: "noModel"),
        Case(name: "one document too many", given: many, asked: add("manager_key"), answer: "tooMany"),
        Case(
            name: "a document taken away by who is not on the staff", given: added,
            asked: "select inventory.remove_document(1::int2, it('newer'), it('company_key'))", answer: "forbidden"),
        Case(
            name: "a document taken away by the staff", given: added,
            asked: "select inventory.remove_document(1::int2, it('newer'), it('manager_key'))", answer: "removed"),
        Case(
            name: "a document taken away twice",
            given: "\(added); select inventory.remove_document(1::int2, it('newer'), it('manager_key'))",
            asked: "select inventory.remove_document(1::int2, it('newer'), it('manager_key'))", answer: "notFound"),
    ]
}
