import FoundationEssentials
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("A decision that touches very many bookings")
struct ManyBookingsTests {
    private static let isFull = ProcessInfo.processInfo.environment["PLATEAU_TESTS"] == "full"
    private static let count = isFull ? 10_000 : 2_000

    @Test func `it is answered at once, its effects follow, and the gate does not wait for them`() async throws {
        try await withDesk { desk in
            try await Self.fill(desk)
            let clock = ContinuousClock()
            var started = clock.now
            let suspended = try await desk.decide("suspend", from: "2027-01-01", to: "2028-12-31")
            let answered = clock.now - started
            #expect(suspended["touchedBookings"]?.number == Double(Self.count))
            #expect(suspended["effects"] == .array([]))
            let refused = try await desk.book(from: "2027-06-01T09:00:00Z", to: "2027-06-01T12:00:00Z")
            #expect(refused.codes == ["labelSuspended"], "the gate answers by the decision before its effects are done")
            started = clock.now
            #expect(try await desk.followLabels() == Self.count)
            let applied = clock.now - started
            #expect(try await Self.states(desk) == ["suspended": Self.count])

            started = clock.now
            try await desk.decide("lift", from: "2027-01-01")
            let lifted = clock.now - started
            started = clock.now
            #expect(try await desk.followLabels() == Self.count)
            let restored = clock.now - started
            #expect(try await Self.states(desk) == ["confirmed": Self.count])
            print(
                """
                \(Self.count) bookings: suspension answered in \(answered), applied in \(applied); lift answered in \(lifted), \
                restored in \(restored)
                """)
            // Proposal and approval together. On a machine that is busy with something else the figures are printed only.
            if Self.isFull, try Self.isQuiet() {
                #expect(max(answered, lifted) < .seconds(1))
                #expect(max(applied, restored) < .seconds(10))
            }
        }
    }

    /// Whether fewer programs than half the processors want to run besides this one.
    private static func isQuiet() throws -> Bool {
        let load = try String(contentsOfFile: "/proc/loadavg", encoding: .utf8).split(separator: " ").first.flatMap { Double($0) } ?? 0
        return load < 1 + Double(ProcessInfo.processInfo.processorCount) / 2
    }

    /// One seat for an hour each, as the service would write them.
    private static func fill(_ desk: BookingDesk) async throws {
        _ = try await desk.server.database.owner.queryText(
            """
            with made as (
                select overlay(b.id::text placing substr(md5(n::text), 1, 12) from 25)::uuid as id, n,
                       timestamptz '2027-01-04 08:00Z' + make_interval(days => n / 96, hours => (n / 12) % 8) as starts
                from generate_series(0, $1::integer - 1) n, (select $2::uuid as id) b
            ), booking as (
                insert into bookings.booking (
                    centre_id, id, reference, organisation_id, centres, state, initial_state, starts, ends, activity, audiences,
                    head_counts, label_status, created_at, created_by)
                select 1, m.id, 'R' || m.n, $3::uuid, '{1}', 'confirmed', 'confirmed', m.starts, m.starts + interval '1 hour',
                       'demonstration', '{}', '{}', 'labelled', '2026-11-01Z', $3::uuid
                from made m
                returning id, starts, ends
            ), line as (
                insert into bookings.line (centre_id, booking_id, number, resource_id, starts, ends, seats, is_exclusive)
                select 1, b.id, 1, $2::uuid, b.starts, b.ends, 1, false from booking b
            ), transition as (
                insert into bookings.transition (centre_id, booking_id, version, to_state, at)
                select 1, b.id, 1, 'confirmed', '2026-11-01Z' from booking b
            )
            insert into platforms.occupancy (
                centre_id, resource_id, starts, ends, use_starts, use_ends, seats, is_unit, holder_id, line_number, organisation_id)
            select 1, $2::uuid, b.starts, b.ends, b.starts, b.ends, 1, false, b.id, 1, $3::uuid from booking b
            """, ["\(count)", desk.network.platform.description, desk.network.company.description])
        try await desk.server.database.owner.execute(script: "analyze")
    }

    private static func states(_ desk: BookingDesk) async throws -> [String: Int] {
        let rows = try await desk.server.database.owner.queryText("select state, count(*)::text from bookings.booking group by state")
        return Dictionary(uniqueKeysWithValues: rows.map { ($0[0] ?? "", Int($0[1] ?? "") ?? 0) })
    }
}
