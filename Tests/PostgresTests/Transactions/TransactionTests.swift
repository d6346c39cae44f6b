import Postgres
import Testing

@Suite(.serialized) struct TransactionTests {
    private struct Refusal: Error {}

    private func emptyTable() async throws {
        try await prepare("create table if not exists ledger (id int8 primary key); truncate ledger")
    }

    @Test func `what the closure did is committed when it returns`() async throws {
        try await emptyTable()
        try await withPool { pool in
            let sum = try await pool.transaction { transaction in
                try await transaction.execute(InsertLedger(id: 1))
                try await transaction.execute(InsertLedger(id: 2))
                return try await transaction.one(CountLedger())
            }
            #expect(sum == 2)
            let value1 = try await pool.one(CountLedger())
            #expect(value1 == 2)
        }
    }

    @Test func `the closure's own error comes out as it is, and nothing is left`() async throws {
        try await emptyTable()
        try await withPool { pool in
            await #expect(throws: Refusal.self) {
                try await pool.transaction { transaction in
                    try await transaction.execute(InsertLedger(id: 1))
                    throw Refusal()
                }
            }
            let value2 = try await pool.one(CountLedger())
            #expect(value2 == 0)
            let first = try await pool.transaction { try await $0.one(BackendID()) }
            let second = try await pool.transaction { try await $0.one(BackendID()) }
            #expect(first == second)
        }
    }

    @Test func `a swallowed failure turns COMMIT into an error`() async throws {
        try await emptyTable()
        try await withPool { pool in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.transaction { transaction in
                    try await transaction.execute(InsertLedger(id: 1))
                    _ = try? await transaction.one(Divide(divisor: 0))
                }
            }
            #expect(error?.code == .transactionAborted)
            #expect(error?.effect == .nothingHappened)
            let value3 = try await pool.one(CountLedger())
            #expect(value3 == 0)
        }
    }

    @Test func `settings end with the transaction`() async throws {
        try await withPool({ $0.exclusiveConnections = 1 }) { pool in
            let setting = PostgresSetting(name: "plateau.actor", value: "me")
            let during = try await pool.transaction(settings: [setting]) { try await $0.one(CurrentSetting(setting: "plateau.actor")) }
            #expect(during == "me")
            let value4 = try await pool.transaction { try await $0.one(CurrentSetting(setting: "plateau.actor")) }
            #expect(value4 == nil)
        }
    }

    @Test func `the wait for a connection is bounded`() async throws {
        try await withPool({
            $0.exclusiveConnections = 1
            $0.acquireTimeout = .milliseconds(200)
        }) { pool in
            try await pool.transaction { first in
                _ = try await first.one(BackendID())
                let start = ContinuousClock.now
                let error = await #expect(throws: PostgresError.self) {
                    try await pool.transaction { try await $0.one(BackendID()) }
                }
                #expect(error?.code == .poolExhausted)
                #expect(error?.isRetryable == true)
                #expect(ContinuousClock.now - start < .seconds(1))
            }
            let value5 = try await pool.transaction { try await $0.one(Double2(number: 1)) }
            #expect(value5 == 2)
        }
    }

    @Test func `more tasks than connections all get their turn`() async throws {
        try await emptyTable()
        try await withPool({ $0.exclusiveConnections = 3 }) { pool in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in 0..<60 as Range<Int64> {
                    group.addTask {
                        _ = try await pool.transaction { try await $0.execute(InsertLedger(id: id)) }
                    }
                }
                try await group.waitForAll()
            }
            let value6 = try await pool.one(CountLedger())
            #expect(value6 == 60)
            #expect(pool.statistics.leasesOut == 0)
        }
    }

    @Test func `a task cancelled in a transaction leaves nothing and gives the place back`() async throws {
        try await emptyTable()
        try await withPool({ $0.exclusiveConnections = 1 }) { pool in
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    _ = try? await pool.transaction { transaction in
                        try await transaction.execute(InsertLedger(id: 1))
                        _ = try await transaction.one(Sleep(seconds: 0.3))
                    }
                }
                while (try? await pool.one(SleepersCount())) ?? 0 == 0 { await Task.yield() }
                group.cancelAll()
            }
            let value7 = try await pool.transaction { try await $0.one(CountLedger()) }
            #expect(value7 == 0)
        }
    }

    @Test func `a connection that dies before COMMIT did nothing`() async throws {
        try await emptyTable()
        try await withPool({ $0.applicationName = "doomed" }) { pool in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.transaction { transaction in
                    try await transaction.execute(InsertLedger(id: 1))
                    let id = try await transaction.one(BackendID())
                    try await prepare("select pg_terminate_backend(\(id))")
                    try await transaction.execute(InsertLedger(id: 2))
                }
            }
            #expect(error?.effect == .nothingHappened)
            let value8 = try await pool.one(CountLedger())
            #expect(value8 == 0)
            let value9 = try await pool.transaction { try await $0.one(Double2(number: 2)) }
            #expect(value9 == 4)
        }
    }

    @Test func `a deferred constraint fails the commit, and it says so`() async throws {
        try await prepare(
            """
            create table if not exists parents (id int8 primary key);
            create table if not exists children (id int8 references parents deferrable initially deferred)
            """)
        try await withPool { pool in
            let alone = await #expect(throws: PostgresError.self) { try await pool.execute(InsertChild(id: 5)) }
            #expect(alone?.sqlState == .foreignKeyViolation)
            #expect(alone?.effect == .nothingHappened)
            let inside = await #expect(throws: PostgresError.self) {
                try await pool.transaction { try await $0.execute(InsertChild(id: 5)) }
            }
            #expect(inside?.sqlState == .foreignKeyViolation)
            let value10 = try await pool.one(Double2(number: 2))
            #expect(value10 == 4)
        }
    }

    @Test func `a snapshot sees one moment`() async throws {
        try await emptyTable()
        try await withPool { pool in
            try await pool.transaction(mode: .readOnlySnapshot) { transaction in
                let value11 = try await transaction.one(CountLedger())
                #expect(value11 == 0)
                _ = try await pool.execute(InsertLedger(id: 9))
                let value12 = try await transaction.one(CountLedger())
                #expect(value12 == 0)
            }
            let value13 = try await pool.one(CountLedger())
            #expect(value13 == 1)
        }
    }
}

struct InsertLedger: PostgresStatement {
    let id: Int64

    static let name = "test.InsertLedger"
    static let text = "insert into ledger values ($1)"
    static let parameterTypes: [PostgresType] = [.int8]
    static let columns: [PostgresColumn] = []
    static let cardinality = PostgresCardinality.none
    func bind(into parameters: inout PostgresParameters) { parameters.append(id) }
    static func decode(_ row: borrowing PostgresRow) throws(PostgresError) {}
}

struct InsertChild: PostgresStatement {
    let id: Int64

    static let name = "test.InsertChild"
    static let text = "insert into children values ($1)"
    static let parameterTypes: [PostgresType] = [.int8]
    static let columns: [PostgresColumn] = []
    static let cardinality = PostgresCardinality.none
    func bind(into parameters: inout PostgresParameters) { parameters.append(id) }
    static func decode(_ row: borrowing PostgresRow) throws(PostgresError) {}
}

struct CountLedger: NumberStatement {
    static let text = "select count(*) as number from ledger"
}

struct SleepersCount: NumberStatement {
    static let text = """
        select count(*) as number from pg_stat_activity where wait_event = 'PgSleep' and query like '%pg_sleep($1)%'
        """
}
