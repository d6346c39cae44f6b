extension OwnRefusalTests {
    private static let entered = "insert into bookings.imported values (it('company'), 'a', sha256('x'), it('booked'), now(), it('new'))"
    private static let claim = "select booking_id from bookings.claim_imports(it('company_key'), '{a}', '{}')"

    private static let event = """
        insert into bookings.imported values (it('company'), 'u/1', sha256('x'), it('booked'), now(), it('new'), null, 'u')
        """
    private static let named = "bookings.claim_imports(it('company_key'), array[reference('booked')], '{}')"
    private static let begun = "select access.begin_effect(it('company'), 'k', sha256('a'))"

    private static func keep(_ key: String) -> String {
        """
        select bookings.keep_imports(it('\(key)'), '{a}', array[sha256('x')], array[sha256('y')], '{""}', array[it('booked')])
        """
    }

    static let imports: [Case] = [
        Case(
            name: "a table of bookings while another of its organisation is entered",
            held: "select pg_advisory_xact_lock(50, (plateau.low_bits(it('company')) & 2147483647)::integer)",
            asked: "select outcome from bookings.claim_imports(it('company_key'), '{a}', '{}')", answer: "inProgress"),
        Case(
            name: "a table of bookings while one of another organisation is entered", given: entered,
            held: "select pg_advisory_xact_lock(50, (plateau.low_bits(it('school')) & 2147483647)::integer)",
            asked: "select outcome from bookings.claim_imports(it('company_key'), '{a}', '{}')", answer: "known"),
        Case(
            name: "a row of a table that made what another key booked",
            asked: keep("manager_key"), answer: "0"),
        Case(
            name: "a row of a table that made a booking of the key's own",
            asked: keep("company_key"), answer: "1"),
        Case(
            name: "what a row made, to who may not book", given: "\(entered); delete from access.api_key_role", asked: claim, answer: nil),
        Case(
            name: "what a row made, to another organisation", given: entered,
            asked: "select booking_id from bookings.claim_imports(it('manager_key'), '{a}', '{}')", answer: nil),
        Case(
            name: "what an event made, by its UID", given: event,
            asked: "select own_reference from bookings.claim_imports(it('company_key'), '{}', '{u}')", answer: "u/1"),
        Case(
            name: "what an event made, to another organisation", given: event,
            asked: "select own_reference from bookings.claim_imports(it('manager_key'), '{}', '{u}')", answer: nil),
        Case(name: "a booking by its own reference", asked: "select line from \(named)", answer: "1"),
        Case(
            name: "a booking by its own reference, to who may not book", given: "delete from access.api_key_role",
            asked: "select line from \(named)", answer: nil),
        Case(
            name: "what a row is called, to another organisation", given: entered,
            asked: "select own_reference from bookings.own_references(it('manager_key'), array[it('booked')])", answer: nil),
        Case(
            name: "what a row is called, to its own organisation", given: entered,
            asked: "select own_reference from bookings.own_references(it('company_key'), array[it('booked')])", answer: "a"),
        Case(
            name: "another body under the key of an effect in parts", given: begun,
            asked: "select outcome from access.claim_idempotency(it('company'), 'k', sha256('b'))", answer: "reused"),
        Case(
            name: "the same body under the key of an effect in parts", given: begun,
            asked: "select outcome from access.claim_idempotency(it('company'), 'k', sha256('a'))", answer: "claimed"),
    ]
}
