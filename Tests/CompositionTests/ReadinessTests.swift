import Composition
import HTTPEdge
import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("Readiness")
struct ReadinessTests {
    @Test
    func `a database that lacks a migration is not served, one that has more is`() async throws {
        try await withTestServer { server in
            server.house.readiness.becomeReady()
            let ready = try await server.send(.get, "/readyz")
            #expect(ready.status == .ok)
            #expect(
                ready.body == #"{"status":"ready","checks":[{"name":"database","status":"pass"},{"name":"migrations","status":"pass"}]}"#)

            let owner = server.database.owner
            try await owner.execute(
                script: """
                    insert into public.plateau_migration
                    select number + 1, 'of a newer version', checksum, applied_at, duration from public.plateau_migration
                    order by number desc limit 1
                    """)
            #expect(try await server.send(.get, "/readyz").status == .ok)

            try await owner.execute(
                script: """
                    delete from public.plateau_migration where number >=
                        (select max(number) - 1 from public.plateau_migration)
                    """)
            let behind = try await server.send(.get, "/readyz")
            #expect(behind.status == .serviceUnavailable)
            #expect(behind.body.contains(#"{"name":"migrations","status":"fail"}"#))
            #expect(behind.body.contains(#"{"name":"database","status":"pass"}"#))
            #expect(behind.headers[.retryAfter] == "5")
        }
    }
}
