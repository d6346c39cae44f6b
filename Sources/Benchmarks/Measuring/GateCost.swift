import Kernel
package import Postgres

/// What the gate takes inside a booking.
package struct GateCost: Sendable {
    /// Elapsed in the database, for each booking.
    package let gateMicroseconds: Double
    package let bookingMicroseconds: Double

    /// Of the booking's function, commit not counted.
    var share: Double { gateMicroseconds / bookingMicroseconds }

    private static let batches: Int32 = 60
    private static let bookings: Int32 = 10

    /// Books and takes back, in one session; each the least of many small batches, since what else the machine does can only add.
    package static func measure(_ network: SyntheticNetwork, in session: PostgresSession) async throws -> GateCost {
        guard let key = KeyID(network.key), let organisation = OrganisationID(network.organisation) else {
            throw BenchmarkFault("The synthetic network's identifiers cannot be read.")
        }
        // Functions are counted from the first call of a transaction on, or not at all. The first batches make the plans.
        var (gate, booking) = (Double.infinity, Double.infinity)
        for batch in 0..<batches {
            try await session.execute(script: "begin; set local track_functions = 'pl'")
            let before = try await session.query(SQL.GateTimes()).first
            let statement = SQL.BookInTurn(
                key: key, organisation: organisation, today: network.today, first: batch * bookings, bookings: bookings)
            let created = try await session.query(statement).first?.created ?? 0
            let after = try await session.query(SQL.GateTimes()).first
            try await session.execute(script: "rollback")
            guard created == Int64(bookings) else { continue }
            guard let before, let after, after.calls - before.calls >= Int64(bookings) else {
                throw BenchmarkFault("PostgreSQL did not count the gate's calls.")
            }
            gate = min(gate, (after.gate - before.gate) * 1000 / Double(bookings))
            booking = min(booking, (after.booking - before.booking) * 1000 / Double(bookings))
        }
        guard gate.isFinite else { throw BenchmarkFault("No batch of bookings was free of refusals, so the gate was not measured.") }
        return GateCost(gateMicroseconds: gate, bookingMicroseconds: booking)
    }
}
