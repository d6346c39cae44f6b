import Postgres
import Schema
import TestSupport
import Testing

@Suite("When uses that ended before were known to have ended")
struct UseMoveTests {
    @Test func `a check-out by its time, one that came late or never by the end of the line, what goes on not at all`() async throws {
        try await withTestDatabase { database in
            try await database.owner.execute(
                script: """
                    alter table bookings.use drop column closed_at cascade;
                    insert into bookings.use (
                        centre_id, booking_id, line_number, checked_in_at, checked_in_by, checked_out_at, checked_out_by)
                    select 1, x.id, 1, '2026-06-01 08:00Z', x.id, x.checked_out_at, x.checked_out_by
                    from (values
                        ('01990000-0000-7000-8400-0000000000a1'::uuid, timestamptz '2026-06-01 10:00Z',
                         '01990000-0000-7000-8400-0000000000a1'::uuid),
                        ('01990000-0000-7000-8400-0000000000a2', '2026-06-01 12:00Z', null),
                        ('01990000-0000-7000-8400-0000000000a3', null, null),
                        ('01990000-0000-7000-8400-0000000000a4', '2026-06-03 12:00Z', '01990000-0000-7000-8400-0000000000a4'))
                        as x (id, checked_out_at, checked_out_by);
                    insert into bookings.line (centre_id, booking_id, number, resource_id, starts, ends, seats, is_exclusive)
                    select 1, x.id, 1, x.id, '2026-06-01 08:00Z', x.ends, 1, false
                    from (values ('01990000-0000-7000-8400-0000000000a1'::uuid, timestamptz '2026-06-01 09:30Z'),
                                 ('01990000-0000-7000-8400-0000000000a4', '2026-06-01 12:00Z')) as x (id, ends);
                    insert into bookings.transition (centre_id, booking_id, version, from_state, to_state, at, reason)
                    values (1, '01990000-0000-7000-8400-0000000000a2', 3, 'inUse', 'completed', '2026-06-01 13:05Z', 'checkOutForgotten'),
                           (1, '01990000-0000-7000-8400-0000000000a2', 4, 'completed', 'completed', '2026-06-02 09:00Z', 'lamp');
                    """)
            try await database.owner.execute(script: try Self.move())
            let uses = try await database.owner.queryText(
                """
                select right(booking_id::text, 2), plateau.rfc3339(closed_at), plateau.rfc3339(checked_out_at),
                       (checked_out_by is null)::text
                from bookings.use order by booking_id
                """)
            #expect(
                uses == [
                    ["a1", "2026-06-01T10:00:00Z", "2026-06-01T10:00:00Z", "false"],
                    ["a2", "2026-06-01T13:05:00Z", "2026-06-01T12:00:00Z", "true"], ["a3", nil, nil, "true"],
                    // Checked out of two days late: the end of the line counts, known since then.
                    ["a4", "2026-06-03T12:00:00Z", "2026-06-01T12:00:00Z", "true"],
                ])
        }
    }

    /// The part of the migration that says since when an end is known.
    private static func move() throws -> String {
        let text = try #require(EmbeddedMigrations.all.first { $0.name == "use" }).text
        let start = try #require(text.firstRange(of: "alter table bookings.use add column closed_at"))
        let end = try #require(text.firstRange(of: "comment on table bookings.use"))
        return String(text[start.lowerBound..<end.lowerBound])
    }
}
