import Composition
import HTTPTypes
import Logging
import Postgres
import TestSupport
import Testing

/// What `/readyz` says while the database is well, busy and away.
@Suite struct ReadinessTests {
    private func status(_ server: TestServer) async throws -> Int { try await server.send(.get, "/readyz").status.code }

    /// Waits for an answer of `/readyz`; gives how long that took.
    private func wait(for wanted: Int, from server: TestServer) async throws -> Duration {
        let start = ContinuousClock.now
        while try await status(server) != wanted, ContinuousClock.now - start < .seconds(10) {
            try await Task.sleep(for: .milliseconds(10))
        }
        return ContinuousClock.now - start
    }

    private func whileWatched(_ body: @escaping @Sendable (TestServer) async throws -> Void) async throws {
        try await withTestServer { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await server.house.watch.run() }
                defer { group.cancelAll() }
                try await body(server)
            }
        }
    }

    @Test func `ready does not depend on what other requests wait for`() async throws {
        try await whileWatched { server in
            #expect(try await wait(for: 200, from: server) < .seconds(5))
            try await server.database.owner.execute(script: "begin; lock table centres.centre in access exclusive mode")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<40 { group.addTask { _ = try? await server.database.pool.all(CountCentres()) } }
                while server.database.pool.statistics.readsWaiting == 0 { await Task.yield() }
                let start = ContinuousClock.now
                for _ in 0..<50 { #expect(try await status(server) == 200) }
                #expect(ContinuousClock.now - start < .seconds(1))
                try await server.database.owner.execute(script: "rollback")
                try await group.waitForAll()
            }
        }
    }

    @Test func `not ready without every migration of the program, ready with further ones`() async throws {
        try await whileWatched { server in
            #expect(try await wait(for: 200, from: server) < .seconds(5))
            let owner = server.database.owner
            try await owner.execute(
                script: """
                    insert into public.plateau_migration
                    select number + 1, 'of a newer version', checksum, applied_at, duration from public.plateau_migration
                    order by number desc limit 1
                    """)
            try await Task.sleep(for: .milliseconds(500))
            #expect(try await status(server) == 200)
            try await owner.execute(
                script: """
                    delete from public.plateau_migration where number >=
                        (select max(number) - 1 from public.plateau_migration)
                    """)
            #expect(try await wait(for: 503, from: server) < .seconds(2))
            let behind = try await server.send(.get, "/readyz")
            #expect(behind.body.contains(#"{"name":"migrations","status":"fail"}"#))
            #expect(behind.body.contains(#"{"name":"database","status":"pass"}"#))
        }
    }

    @Test func `not ready within a second of the database's end, ready again within two of its return`() async throws {
        try await whileWatched { server in
            #expect(try await wait(for: 200, from: server) < .seconds(5))
            let name = server.database.name
            let admin = try await PostgresSession.connect(
                try await TestCluster.shared.connectionString(role: "plateau_owner", database: "postgres"), logger: .init(label: "test"))
            try await admin.execute(script: "alter database \(name) allow_connections false")
            _ = try await admin.queryText(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name = 'plateau watch'", [name])
            #expect(try await wait(for: 503, from: server) < .seconds(1))
            try await admin.execute(script: "alter database \(name) allow_connections true")
            #expect(try await wait(for: 200, from: server) < .seconds(2))
            await admin.close()
        }
    }
}

private struct CountCentres: PostgresStatement {
    static let name = "test.CountCentres"
    static let text = "select count(*) as number from centres.centre"
    static let parameterTypes: [PostgresType] = []
    static let columns = [PostgresColumn(name: "number", type: .int8, isNullable: false)]
    static let cardinality = PostgresCardinality.one
    func bind(into parameters: inout PostgresParameters) {}
    static func decode(_ row: borrowing PostgresRow) throws(PostgresError) -> Int64 { try row.decode(0) }
}
