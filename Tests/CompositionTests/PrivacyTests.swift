import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("What the server's role may do by itself")
struct PrivacyTests {
    private static let privateTables = [
        "access.organisation", "access.membership", "access.api_key_role", "labels.proposal", "labels.application_event",
        "labels.proposal_withdrawal", "bookings.booking", "bookings.line", "bookings.transition", "bookings.label_change",
        "bookings.label_effect", "bookings.label_simulation", "jobs.event",
    ]

    @Test(arguments: privateTables)
    func `without an actor a private table shows no row`(table: String) async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let booked = try await server.send(
                .post, "/v1/bookings", key: network.companyKey,
                json: """
                    {"activity": "demonstration", "audiences": [], "lines": [
                      {"resourceId": "\(network.platform)", "start": "2027-06-01T10:00:00Z", "end": "2027-06-01T12:00:00Z"}]}
                    """)
            #expect(booked.status == .created, "\(booked.body)")
            try await asServer(in: server.database) { session in
                let rows = try await session.queryText("select count(*) from \(table)")
                #expect(rows == [["0"]])
            }
        }
    }

    @Test(arguments: privateTables + ["platforms.occupancy", "platforms.resource", "labels.label_decision", "centres.centre"])
    func `the server writes no guarded table but through functions`(table: String) async throws {
        try await withTestDatabase { database in
            try await asServer(in: database) { session in
                for command in ["delete from \(table)", "insert into \(table) default values"] {
                    do {
                        try await session.execute(script: command)
                        Issue.record("\(command) was done")
                    } catch let error as PostgresError {
                        #expect(error.sqlState == .insufficientPrivilege, "\(command)")
                    }
                }
            }
        }
    }

    @Test
    func `every table that carries an organisation forces row-level security`() async throws {
        try await withTestDatabase { database in
            let open = try await database.owner.queryText(
                """
                select c.oid::regclass::text
                from pg_class c
                join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
                     and a.attname in ('organisation_id', 'contact_email', 'digest')
                where c.relkind = 'r' and c.relnamespace::regnamespace::text in
                      ('access', 'centres', 'labels', 'platforms', 'inventory', 'bookings', 'jobs')
                  and not c.relforcerowsecurity and c.oid <> 'platforms.occupancy'::regclass
                """)
            #expect(open == [], "occupancy alone is open: it carries no personal data")
        }
    }

    @Test
    func `no role of the service is a superuser, owns the tables or passes by row-level security`() async throws {
        try await withTestDatabase { database in
            let rows = try await database.owner.queryText(
                """
                select rolname from pg_roles
                where rolname in ('plateau_app', 'plateau_functions', 'plateau_readonly') and (rolsuper or rolbypassrls or rolcreaterole)
                """)
            #expect(rows == [])
        }
    }

    private func asServer(in database: TestDatabase, _ body: (PostgresSession) async throws -> Void) async throws {
        try await database.owner.execute(script: "set role plateau_app")
        do {
            try await body(database.owner)
        } catch {
            try await database.owner.execute(script: "reset role")
            throw error
        }
        try await database.owner.execute(script: "reset role")
    }
}
