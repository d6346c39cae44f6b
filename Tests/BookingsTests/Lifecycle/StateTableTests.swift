import Bookings
import Postgres
import TestSupport
import Testing

@Suite("States of a booking")
struct StateTableTests {
    @Test func `Swift and the database agree on what may follow what`() async throws {
        try await withTestDatabase { database in
            let rows = try await database.owner.queryText(
                "select bookings.may_become(f, t) from unnest($1::text[]) f, unnest($1::text[]) t",
                ["{\(BookingState.allCases.map(\.rawValue).joined(separator: ","))}"])
            let expected = BookingState.allCases.flatMap { from in BookingState.allCases.map { from.next.contains($0) ? "t" : "f" } }
            #expect(rows.map { $0[0] } == expected)
        }
    }

    @Test func `exits are final, and only five states take room`() {
        #expect(
            BookingState.allCases.filter(\.isFinal) == [
                .completed, .rejected, .cancelledByUser, .cancelledByCentre, .cancelledByNetwork, .expired, .noShow,
            ])
        #expect(BookingState.allCases.filter(\.takesRoom) == [.requested, .held, .conditional, .confirmed, .inUse])
    }

    @Test func `the database refuses a step that the table has not`() async throws {
        try await withDesk { desk in
            let booked = try await desk.make(from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z")
            await #expect(throws: (any Error).self) {
                _ = try await desk.ask(
                    """
                    select bookings.leave(b, 'expired', null, null, null, 'booking.expired', now()) from bookings.booking b
                    where b.id = $1::uuid
                    """, [booked.id])
            }
        }
    }
}
