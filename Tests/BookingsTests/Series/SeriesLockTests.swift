import Postgres
import TestSupport
import Testing

@Suite("Locks of a series")
struct SeriesLockTests {
    /// Locks of the transaction that could stand in anybody's way: all but those of the four places for series.
    private static let held = "select count(*)::text from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and objsubid = 1"

    @Test
    func `every lock is taken up front, the days that buffers touch too: reserving takes none`() async throws {
        try await withTestDatabase { database in
            // Two hours of cleaning run over midnight in UTC.
            let network = try await TestNetwork.make(in: database, cleanupMinutes: 120)
            let owner = database.owner
            let (series, booking) = ("01990000-0000-7000-8400-000000000001", "01990000-0000-7000-8400-000000000002")
            let starts = "{2027-05-04T21:00:00Z,2027-05-03T21:00:00Z}"
            let ends = "{2027-05-04T23:00:00Z,2027-05-03T23:00:00Z}"
            // A quota is counted before rooms are taken, as by single bookings: the other way round two would wait for each other.
            _ = try await owner.queryText("update access.organisation set has_quota = true where id = $1::uuid", ["\(network.company)"])
            _ = try await owner.queryText("begin")
            _ = try await owner.queryText(
                "select bookings.lock_series($1, $2, array[$3::uuid], $4::timestamptz[], $5::timestamptz[])",
                [series, "\(network.company)", "\(network.platform)", starts, ends])
            let upFront = try await owner.queryText(Self.held)
            // The label, the organisation, and three days for two evenings in a row.
            #expect(upFront == [["5"]])
            let outcome = try await owner.queryText(
                """
                select (bookings.reserve($1, '7K3QZ-09M4X', $2, $3, 'demonstration', '{}', '{}', 0, null, null, null, null, array[$4::uuid],
                    '{2027-05-04T21:00:00Z}', '{2027-05-04T23:00:00Z}', '{1}', null, null, false)).outcome
                """, [booking, network.keys["company"].map { "\($0)" }, "\(network.company)", "\(network.platform)"])
            #expect(outcome == [["created"]])
            #expect(try await owner.queryText(Self.held) == upFront)
            _ = try await owner.queryText("rollback")
        }
    }
}
