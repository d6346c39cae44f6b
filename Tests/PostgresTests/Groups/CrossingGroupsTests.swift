import Postgres
import Testing

@Suite(.serialized) struct CrossingGroupsTests {
    private func emptyTable() async throws {
        try await prepare(
            """
            drop table if exists crossing; create table crossing (key int8 primary key, total int8 not null);
            insert into crossing values (1, 0), (2, 0);
            create or replace function cross_over(first int8, second int8) returns int8 language plpgsql as $$
            begin
              update crossing set total = total + 1 where key = first;
              perform pg_sleep(0.005);
              update crossing set total = total + 1 where key = second;
              return 1;
            end $$
            """)
    }

    private func deadlocks() async throws -> Int64 {
        try await prepare("select pg_stat_force_next_flush()")
        return try await withPool { pool in try await pool.one(Deadlocks()) }
    }

    /// What became of two hundred writes that go about two rows in both orders.
    private func crossing(locks: Bool) async throws -> (done: Int, redone: Int, elapsed: Duration) {
        try await withPool({
            $0.groupConnections = 2
            $0.groupLimit = 5
            $0.acquireTimeout = .seconds(20)
        }) { pool in
            let start = ContinuousClock.now
            let done = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<200 {
                    let (first, second) = number % 2 == 0 ? (Int64(1), Int64(2)) : (2, 1)
                    // In the order in which the statement goes about it.
                    let keys = locks ? [first, second].map { PostgresLock(key: $0, mode: .exclusive) } : []
                    group.addTask {
                        switch await pool.write(CrossOver(first: first, second: second), locks: keys) {
                        case .done: return true
                        case .failed(let error):
                            #expect(error.isRetryable, "\(error)")
                            return false
                        case .unknown(let error):
                            Issue.record(error)
                            return false
                        }
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            let total = try await pool.one(CrossingTotal())
            #expect(total == Int64(2 * done))
            return (done, pool.statistics.writesRedone, ContinuousClock.now - start)
        }
    }

    @Test func `groups whose locks cross wait for each other and never deadlock`() async throws {
        try await emptyTable()
        let before = try await deadlocks()
        let (done, redone, elapsed) = try await crossing(locks: true)
        let after = try await deadlocks()
        #expect(done == 200)
        #expect(after == before)
        #expect(redone == 0)
        #expect(elapsed < .seconds(20))
    }

    @Test func `groups that did not say what they lock deadlock: each write is done in the end or may be tried again`() async throws {
        try await emptyTable()
        let before = try await deadlocks()
        let (done, redone, elapsed) = try await crossing(locks: false)
        let after = try await deadlocks()
        #expect(done >= 150)
        #expect(after > before)
        #expect(redone > 0)
        // A deadlock lasts for deadlock_timeout, 100 ms on this server.
        #expect(elapsed < .seconds(60))
    }
}

struct CrossOver: PostgresStatement {
    let first: Int64
    let second: Int64

    static let name = "test.CrossOver"
    static let text = "select cross_over($1, $2) as done"
    static let parameterTypes: [PostgresType] = [.int8, .int8]
    static let columns: [PostgresColumn] = []
    static let cardinality = PostgresCardinality.one
    func bind(into parameters: inout PostgresParameters) {
        parameters.append(first)
        parameters.append(second)
    }
    static func decode(_ row: borrowing PostgresRow) throws(PostgresError) -> Int64 { try row.decode(0) }
}

struct CrossingTotal: NumberStatement {
    static let text = "select sum(total)::int8 as number from crossing"
}

struct Deadlocks: NumberStatement {
    static let text = "select deadlocks as number from pg_stat_database where datname = current_database()"
}
