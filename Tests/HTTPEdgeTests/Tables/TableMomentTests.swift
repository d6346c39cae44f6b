import HTTPEdge
import Kernel
import Testing

@Suite struct TableMomentTests {
    @Test(arguments: [
        ("2027-03-15 09:00", "2027-03-15T08:00:00Z"), ("15/03/2027 09:00", "2027-03-15T08:00:00Z"),
        ("15/03/2027 9:00", "2027-03-15T08:00:00Z"),
        ("2027-03-15T09:00:30", "2027-03-15T08:00:30Z"), ("2027-03-15  24:00", "2027-03-15T23:00:00Z"),
        ("2027-03-15T09:00:00+01:00", "2027-03-15T08:00:00Z"), ("2027-03-15 09:00Z", "2027-03-15T09:00:00Z"),
        ("15/03/2027 9:00-05:00", "2027-03-15T14:00:00Z"),
        // Twice, and never, on the clock of Brussels.
        ("2027-10-31 02:30", "2027-10-31T00:30:00Z"), ("2027-03-28 02:30", "2027-03-28T01:30:00Z"),
    ])
    func `a cell says a moment, on the clock of the place or with an offset`(cell: String, moment: String) throws {
        let zone = try #require(Zone("Europe/Brussels"))
        #expect(try TableMoment.read(text: cell).instant(in: zone).rfc3339 == moment)
    }

    @Test(arguments: [
        "", "2027-03-15", "09:00", "2027-02-30 09:00", "15.03.2027 09:00", "2027-03-15 25:00", "2027-03-15 9h00", "2027-03-15 09:00 CET",
        "2027-03-15 09:00+1", "3/15/2027 09:00", "2027-03-15 09:00:00.5", "46096,375",
    ])
    func `what is no day and time is refused`(cell: String) {
        #expect(throws: ValueRefusal.self) { try TableMoment.read(text: cell) }
    }
}
