extension OwnRefusalTests {
    static let attestations: [Case] = [
        Case(
            name: "a person of another organisation",
            asked: "select attestations.add_holder(it('new'), it('school'), 'P-2', it('company_key'))", answer: "forbidden"),
        Case(
            name: "an attestation recorded under a revoked key", given: revoked,
            asked: """
                select attestations.record(it('new'), it('person'), 'licence', null, null, 'i', null, '2027-01-01', null, it('company_key'))
                """, answer: "forbidden"),
        Case(
            name: "a habilitation that others than the staff give",
            asked: """
                select attestations.record(
                    it('new'), it('person'), null, it('platform'), null, 'i', null, '2027-01-01', null, it('company_key'))
                """, answer: "forbidden"),
        Case(
            name: "an attestation withdrawn by a stranger", asked: "select attestations.withdraw(it('held'), 'r', it('manager_key'))",
            answer: "notFound"),
        Case(
            name: "a person erased by a stranger", asked: "select attestations.erase_holder(it('person'), it('manager_key'))",
            answer: "notFound"),
        Case(
            name: "a type set by others than the network",
            asked: "select attestations.set_type('other', 'n', 'person', 'atUse', '{}', null, 60::int2, it('manager_key'))",
            answer: "forbidden"),
    ]
}
