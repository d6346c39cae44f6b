import Logging
import MetricsTestKit
import Postgres
import Testing

@Suite(.serialized) struct MetricsTests {
    @Test func `a pool tells waits, round trips, groups, what is in flight and connections`() async throws {
        let metrics = TestMetrics()
        var configuration = PostgresPool.Configuration(connectionString: TestServer.shared.connectionString)
        configuration.applicationName = "victim"
        let pool = try PostgresPool(configuration: configuration, logger: quiet, metrics: metrics)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await pool.run() }
            defer { group.cancelAll() }
            try await pool.waitUntilReady()
            try await withThrowingTaskGroup(of: Void.self) { calls in
                for number in 0..<100 as Range<Int64> {
                    calls.addTask { _ = try await pool.one(Double2(number: number)) }
                    calls.addTask { _ = try await pool.write(Double2(number: number), locks: []).get() }
                }
                try await calls.waitForAll()
            }
            _ = try await pool.transaction { try await $0.one(Double2(number: 1)) }
            try await prepare(KillOthers.text)
            while pool.statistics.connectionsLost == 0 { await Task.yield() }
            try await pool.waitUntilReady()
            for kind in ["read", "write", "transaction"] {
                for name in ["postgres_wait", "postgres_round_trip"] {
                    let timer = try metrics.expectTimer(name, [("kind", kind)])
                    #expect(!timer.values.isEmpty, "\(name) \(kind)")
                    #expect(timer.values.allSatisfy { $0 >= 0 && $0 < 60_000_000_000 })
                }
            }
            let groups = try metrics.expectRecorder("postgres_group_size", [("kind", "write")]).values
            #expect(groups.reduce(0, +) == 100)
            let reads = try metrics.expectRecorder("postgres_group_size", [("kind", "read")]).values
            #expect(reads.reduce(0, +) >= 100)
            #expect((reads.max() ?? 0) > 1)
            #expect(try metrics.expectMeter("postgres_requests_in_flight").values.contains { $0 > 0 })
            #expect(try metrics.expectMeter("postgres_connections_ready").values.contains { $0 == 9 })
            #expect(metrics.counterTotal(label: "postgres_connections_lost") == Int64(pool.statistics.connectionsLost))
            #expect(metrics.counterTotal(label: "postgres_connections_made") > 8)
        }
    }
}
