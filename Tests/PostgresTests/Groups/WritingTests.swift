import Postgres
import Testing

@Suite(.serialized) struct WritingTests {
    /// A write function that raises for negative numbers, and counts without atomicity, so that a missing lock shows.
    private func emptyTable() async throws {
        try await prepare(
            """
            drop table if exists tally; create table tally (key int8 primary key, total int8 not null);
            insert into tally select k, 0 from generate_series(0, 9) k;
            drop sequence if exists tries; create sequence tries;
            create or replace function bump(wanted int8) returns int8 language plpgsql as $$
            declare found int8;
            begin
              if wanted < 0 then raise exception 'refused' using errcode = 'P0001'; end if;
              select total into found from tally where key = wanted;
              update tally set total = found + 1 where key = wanted;
              return found + 1;
            end $$;
            create or replace function conflict(until int8) returns int8 language plpgsql as $$
            begin
              if nextval('tries') < until then raise exception 'again' using errcode = '40001'; end if;
              return 1;
            end $$
            """)
    }

    private func lock(_ key: Int64) -> [PostgresLock] { [PostgresLock(key: key, mode: .exclusive)] }

    @Test func `three hundred writes under locks lose nothing and share commits`() async throws {
        try await emptyTable()
        try await withPool { pool in
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<300 as Range<Int64> {
                    group.addTask {
                        guard case .done = await pool.write(Bump(key: number % 10), locks: lock(number % 10)) else {
                            Issue.record("write \(number) was not done")
                            return
                        }
                    }
                }
            }
            let total = try await pool.one(TallyTotal())
            #expect(total == 300)
            let statistics = pool.statistics
            #expect(statistics.groupsDone > 0)
            #expect(statistics.largestGroup <= 64)
            #expect(statistics.largestGroup > 1)
        }
    }

    @Test func `a member that raises is alone in failing`() async throws {
        try await emptyTable()
        try await withPool({ $0.groupConnections = 1 }) { pool in
            let outcomes = await withTaskGroup(of: (Int64, PostgresOutcome<Int64>).self) { group in
                for number in 0..<100 as Range<Int64> {
                    let key = number % 25 == 7 ? -1 : number % 10
                    group.addTask { (key, await pool.write(Bump(key: key), locks: lock(key))) }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            for (key, outcome) in outcomes {
                switch outcome {
                case .done: #expect(key >= 0)
                case .failed(let error):
                    #expect(key < 0)
                    #expect(error.sqlState == .raisedException)
                    #expect(error.message == "refused")
                case .unknown(let error): Issue.record(error)
                }
            }
            let total = try await pool.one(TallyTotal())
            #expect(total == 96)
            #expect(pool.statistics.writesRedone > 0)
        }
    }

    @Test func `a write alone surfaces its error`() async throws {
        try await emptyTable()
        try await withPool { pool in
            for locks in [nil, [], lock(-1)] {
                guard case .failed(let error) = await pool.write(Bump(key: -1), locks: locks) else {
                    Issue.record("it was not refused")
                    return
                }
                #expect(error.sqlState == .raisedException)
            }
        }
    }

    @Test func `a conflict is tried again, five times in all`() async throws {
        try await emptyTable()
        try await withPool { pool in
            guard case .done(1) = await pool.write(Conflict(until: 4), locks: nil) else {
                Issue.record("the third try should have done it")
                return
            }
            guard case .failed(let error) = await pool.write(Conflict(until: 1_000_000), locks: lock(1)) else {
                Issue.record("it cannot succeed")
                return
            }
            #expect(error.sqlState == .serializationFailure)
            #expect(error.isRetryable)
            let tries = try await pool.one(TriesMade())
            #expect(tries == 9)
        }
    }

    @Test func `writes of unknown locks that deadlock are all done in the end`() async throws {
        try await emptyTable()
        try await withPool { pool in
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<8 as Range<Int64> {
                    let pair = number % 2 == 0 ? (first: Int64(101), second: Int64(102)) : (first: 102, second: 101)
                    group.addTask {
                        let outcome = await pool.write(TakeTwo(first: pair.first, second: pair.second), locks: nil)
                        guard case .done = outcome else {
                            Issue.record("\(outcome)")
                            return
                        }
                    }
                }
            }
        }
    }

    @Test func `a backend killed before it commits makes no difference`() async throws {
        try await emptyTable()
        try await withPool({ $0.applicationName = "victim" }) { pool in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    let outcome = await pool.write(Sleep(seconds: 0.3), locks: nil)
                    guard case .done = outcome else {
                        Issue.record("\(outcome)")
                        return
                    }
                }
                while pool.statistics.requestsInFlight == 0 { await Task.yield() }
                try await prepare(KillOthers.text)
                try await group.waitForAll()
            }
            #expect(pool.statistics.connectionsLost > 0)
            let answer = try await pool.one(Double2(number: 21))
            #expect(answer == 42)
        }
    }

    @Test func `a write nobody waits for any more is not sent`() async throws {
        try await emptyTable()
        try await withPool({ $0.groupConnections = 1 }) { pool in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { _ = await pool.write(Sleep(seconds: 0.2), locks: nil) }
                while pool.statistics.requestsInFlight == 0 { await Task.yield() }
                await withTaskGroup(of: Void.self) { inner in
                    inner.addTask {
                        guard case .failed(let error) = await pool.write(Bump(key: 1), locks: []) else {
                            Issue.record("it was sent")
                            return
                        }
                        #expect(error.code == .cancelled)
                    }
                    while pool.statistics.writesWaiting == 0 { await Task.yield() }
                    inner.cancelAll()
                }
            }
            let total = try await pool.one(TallyTotal())
            #expect(total == 0)
        }
    }
}

struct Bump: PostgresStatement {
    let key: Int64

    static let name = "test.Bump"
    static let text = "select bump($1) as total"
    static let parameterTypes: [PostgresType] = [.int8]
    static let columns: [PostgresColumn] = []
    static let cardinality = PostgresCardinality.one
    func bind(into parameters: inout PostgresParameters) { parameters.append(key) }
    static func decode(_ row: borrowing PostgresRow) throws(PostgresError) -> Int64 { try row.decode(0) }
}

struct Conflict: PostgresStatement {
    let until: Int64

    static let name = "test.Conflict"
    static let text = "select conflict($1) as done"
    static let parameterTypes: [PostgresType] = [.int8]
    static let columns: [PostgresColumn] = []
    static let cardinality = PostgresCardinality.one
    func bind(into parameters: inout PostgresParameters) { parameters.append(until) }
    static func decode(_ row: borrowing PostgresRow) throws(PostgresError) -> Int64 { try row.decode(0) }
}

/// Takes two locks in the order given, slowly.
struct TakeTwo: PostgresStatement {
    let first: Int64
    let second: Int64

    static let name = "test.TakeTwo"
    static let text = """
        select 1::int8 as done from (select pg_advisory_xact_lock($1) from pg_sleep(0.005)) a,
        lateral (select pg_advisory_xact_lock($2 + 0 * length(a::text)) from pg_sleep(0.005)) b
        """
    static let parameterTypes: [PostgresType] = [.int8, .int8]
    static let columns: [PostgresColumn] = []
    static let cardinality = PostgresCardinality.one
    func bind(into parameters: inout PostgresParameters) {
        parameters.append(first)
        parameters.append(second)
    }
    static func decode(_ row: borrowing PostgresRow) throws(PostgresError) -> Int64 { try row.decode(0) }
}

struct TallyTotal: NumberStatement {
    static let text = "select sum(total)::int8 as number from tally"
}

struct TriesMade: NumberStatement {
    static let text = "select last_value as number from tries"
}
