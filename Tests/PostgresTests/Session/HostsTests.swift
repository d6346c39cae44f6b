import Postgres
import Testing

/// A primary and its hot standby.
@Suite(.serialized) struct HostsTests {
    private struct Pair {
        let primary = TestServer(name: "primary")
        let standby: TestServer

        init() { standby = TestServer(name: "hot-standby", standbyOf: primary) }

        /// Hosts in this order: one that is down, the standby, the primary.
        func connectionString(wanting attribute: String) -> String {
            """
            host=/tmp/postgres-tests-nowhere,\(standby.directory),\(primary.directory) dbname=postgres user=postgres \
            target_session_attrs=\(attribute)
            """
        }
    }

    @Test func `the host that is wanted is found behind one that is down and one of the other kind`() async throws {
        let pair = Pair()
        for (attribute, isStandby) in [("read-write", "f"), ("primary", "f"), ("standby", "t"), ("read-only", "t"), ("any", "t")] {
            let session = try await PostgresSession.connect(pair.connectionString(wanting: attribute), logger: quiet)
            let rows = try await session.queryText("select pg_is_in_recovery()")
            #expect(rows == [[isStandby]], "\(attribute)")
            await session.close()
        }
        pair.primary.stop()
        let error = await #expect(throws: PostgresError.self) {
            try await PostgresSession.connect(pair.connectionString(wanting: "read-write"), logger: quiet)
        }
        #expect(error?.code == .connectionRefused)
    }

    @Test func `a pool follows the primary when the standby takes over`() async throws {
        let pair = Pair()
        try await prepare("create table followed (id int8)", on: pair.primary)
        var configuration = PostgresPool.Configuration(connectionString: pair.connectionString(wanting: "read-write"))
        configuration.acquireTimeout = .seconds(10)
        try await withPool(configuration) { pool in
            let before = try await pool.write(InsertFollowed(id: 1), locks: []).get()
            #expect(before == 1)
            while try await replicated(on: pair.standby) < 1 { try await Task.sleep(for: .milliseconds(20)) }
            pair.primary.stop()
            pair.standby.promote()
            // What was sent before the stop was heard of is not known; what comes after is done.
            var outcome = await pool.write(InsertFollowed(id: 2), locks: [])
            if case .unknown = outcome { outcome = await pool.write(InsertFollowed(id: 2), locks: []) }
            #expect(try outcome.get() == 2)
            let inside = try await pool.transaction { try await $0.one(CountFollowed()) }
            #expect(inside == 2)
        }
    }

    /// How many rows have come to the standby; none as long as the table itself has not.
    private func replicated(on standby: TestServer) async throws -> Int {
        let session = try await PostgresSession.connect(standby.connectionString, logger: quiet)
        let isThere = try await session.queryText("select to_regclass('followed') is not null") == [["t"]]
        let rows = isThere ? try await session.queryText("select count(*) from followed") : []
        await session.close()
        return rows.first?.first?.flatMap { Int($0) } ?? 0
    }
}

struct InsertFollowed: PostgresStatement {
    let id: Int64

    static let name = "test.InsertFollowed"
    static let text = "insert into followed values ($1) returning id"
    static let parameterTypes: [PostgresType] = [.int8]
    static let columns: [PostgresColumn] = []
    static let cardinality = PostgresCardinality.one
    func bind(into parameters: inout PostgresParameters) { parameters.append(id) }
    static func decode(_ row: borrowing PostgresRow) throws(PostgresError) -> Int64 { try row.decode(0) }
}

struct CountFollowed: NumberStatement {
    static let text = "select count(*) as number from followed"
}
