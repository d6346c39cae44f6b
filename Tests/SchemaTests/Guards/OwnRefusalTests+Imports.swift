extension OwnRefusalTests {
    private static let entered = "insert into bookings.imported values (it('company'), 'a', sha256('x'), it('booked'), now(), it('new'))"
    private static let claim = "select booking_id from bookings.claim_imports(it('company_key'), '{a}')"

    static let imports: [Case] = [
        Case(
            name: "a table of bookings while another of its organisation is entered",
            held: "select pg_advisory_xact_lock(50, (plateau.low_bits(it('company')) & 2147483647)::integer)",
            asked: "select outcome from bookings.claim_imports(it('company_key'), '{a}')", answer: "inProgress"),
        Case(
            name: "a table of bookings while one of another organisation is entered", given: entered,
            held: "select pg_advisory_xact_lock(50, (plateau.low_bits(it('school')) & 2147483647)::integer)",
            asked: "select outcome from bookings.claim_imports(it('company_key'), '{a}')", answer: "known"),
        Case(
            name: "a row of a table that made what another key booked",
            asked: "select bookings.keep_imports(it('manager_key'), '{a}', array[sha256('x')], array[it('booked')])", answer: "0"),
        Case(
            name: "a row of a table that made a booking of the key's own",
            asked: "select bookings.keep_imports(it('company_key'), '{a}', array[sha256('x')], array[it('booked')])", answer: "1"),
        Case(
            name: "what a row made, to who may not book", given: "\(entered); delete from access.api_key_role", asked: claim, answer: nil),
        Case(
            name: "what a row made, to another organisation", given: entered,
            asked: "select booking_id from bookings.claim_imports(it('manager_key'), '{a}')", answer: nil),
    ]
}
