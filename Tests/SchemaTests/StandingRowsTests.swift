import Postgres
import TestSupport
import Testing

/// What stands in the place of foreign keys and of several CHECK expressions in the tables that a booking writes.
@Suite struct StandingRowsTests {
    /// Each with the name that it is known by.
    private static let standing = [
        ("access.organisation", "id"), ("platforms.resource", "id"), ("bookings.booking", "id"), ("labels.label_decision", "id"),
        ("labels.recognition_file", "id"), ("utilisation.sealed_report", "id"), ("bookings.override", "booking_id"),
        ("offers.offer", "id"), ("inventory.funding_line", "id"), ("inventory.kit", "id"), ("inventory.stock", "id"),
        ("inventory.kit_member", "kit_id"), ("inventory.stock_change", "stock_id"),
        ("centres.municipality_scheme", "scheme"), ("centres.municipality_list", "scheme"), ("centres.municipality", "scheme"),
        ("centres.municipality_successor", "scheme"), ("maintenance.custody_return", "custody_id"),
        ("maintenance.retirement", "platform_id"),
    ]

    @Test func `nobody removes or renames what bookings name without a foreign key, not even the owner`() async throws {
        try await withTestDatabase { database in
            for (table, name) in Self.standing {
                for command in ["delete from \(table)", "truncate \(table) cascade", "update \(table) set \(name) = gen_random_uuid()"] {
                    let error = await #expect(throws: PostgresError.self) { try await database.owner.execute(script: command) }
                    #expect(error?.sqlState?.rawValue == "23001", "\(command)")
                }
            }
        }
    }

    @Test func `only the functions' role writes the tables of bookings`() async throws {
        try await withTestDatabase { database in
            let writers = try await database.owner.queryText(
                """
                select distinct grantee::text from information_schema.role_table_grants
                where table_schema || '.' || table_name in
                          ('bookings.booking', 'bookings.line', 'bookings.transition', 'platforms.occupancy')
                  and privilege_type in ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE') and grantee <> 'plateau_owner'
                """)
            #expect(writers == [["plateau_functions"]])
        }
    }

    @Test func `occupancy keeps to its rules`() async throws {
        let rows: [(times: [String], seats: Int, isUnit: Bool, isSound: Bool)] = [
            (["08:00", "10:00", "08:15", "09:45"], 1, true, true), (["08:00", "08:00", "08:00", "08:00"], 1, false, false),
            (["10:00", "08:00", "10:00", "08:00"], 1, false, false), (["08:00", "10:00", "07:59", "09:00"], 1, false, false),
            (["08:00", "10:00", "09:00", "10:01"], 1, false, false), (["08:00", "10:00", "09:30", "09:00"], 1, false, false),
            (["08:00", "10:00", "08:00", "10:00"], 0, false, false), (["08:00", "10:00", "08:00", "10:00"], 2, true, false),
            (["08:00", "10:00", "08:00", "10:00"], 2, false, true),
        ]
        try await withTestDatabase { database in
            for row in rows {
                let times = row.times.map { "timestamptz '2026-03-02 \($0)Z'" }.joined(separator: ", ")
                let found = try await database.owner.queryText("select platforms.is_sound(\(times), \(row.seats), \(row.isUnit))")
                #expect(found == [[row.isSound ? "t" : "f"]], "\(row)")
            }
        }
    }

    @Test func `bookings keep to their rules`() async throws {
        let sound = [
            "1::smallint", "'01900000-0000-7000-8400-000000000001'::uuid", "'{1}'::smallint[]", "'confirmed'", "'{}'::text[]", "now()",
            "now() + interval '1 hour'", "'awareness'", "array['jobSeeker']", "array[4]", "0",
        ]
        // One argument of a sound row is changed.
        let changes: [(place: Int, value: String, isSound: Bool)] = [
            (0, "1::smallint", true), (0, "2::smallint", false), (2, "'{}'::smallint[]", false), (3, "'lost'", false),
            (3, "'held'", true), (4, "array['atRisk']", true), (4, "array['odd']", false), (6, "now()", false), (7, "'party'", false),
            (9, "array[1, 2]", false), (9, "array[0]", false), (10, "-1", false), (10, "10001", false),
        ]
        try await withTestDatabase { database in
            for change in changes {
                var values = sound
                values[change.place] = change.value
                let found = try await database.owner.queryText("select bookings.is_sound(\(values.joined(separator: ", ")))")
                #expect(found == [[change.isSound ? "t" : "f"]], "\(change)")
            }
        }
    }
}
