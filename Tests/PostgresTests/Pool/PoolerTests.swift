import Postgres
import Testing

/// Through a real PgBouncer 1.18, which knows no prepared statements in transaction mode.
@Suite(.serialized) struct PoolerTests {
    private func configuration(_ pooler: TestPooler) -> PostgresPool.Configuration {
        var configuration = PostgresPool.Configuration(connectionString: pooler.connectionString)
        configuration.preparedStatements = .unnamed
        configuration.acquireTimeout = .seconds(20)
        return configuration
    }

    @Test func `reads, writes and transactions pass when nothing is named`() async throws {
        let pooler = try TestPooler(connections: 3)
        try await prepare("drop table if exists pooled; create table pooled (id int8 primary key)")
        try await withPool(configuration(pooler)) { pool in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 as Range<Int64> {
                    group.addTask {
                        let read = try await pool.one(Double2(number: number))
                        #expect(read == 2 * number)
                        let written = try await pool.write(
                            InsertPooled(id: number), locks: [PostgresLock(key: number % 7, mode: .exclusive)]
                        )
                        .get()
                        #expect(written == number)
                    }
                }
                for number in 1000..<1040 as Range<Int64> {
                    group.addTask {
                        let setting = PostgresSetting(name: "plateau.actor", value: "\(number)")
                        try await pool.transaction(settings: [setting]) { transaction in
                            let inserted = try await transaction.one(InsertPooled(id: number))
                            #expect(inserted == number)
                            let actor = try await transaction.one(CurrentSetting(setting: "plateau.actor"))
                            #expect(actor == "\(number)")
                        }
                        let after = try await pool.one(CurrentSetting(setting: "plateau.actor"))
                        #expect(after == nil)
                    }
                }
                try await group.waitForAll()
            }
            let error = await #expect(throws: PostgresError.self) { try await pool.one(InsertPooled(id: 7)) }
            #expect(error?.sqlState == .uniqueViolation)
            let count = try await pool.one(CountPooled())
            #expect(count == 240)
        }
    }

    @Test func `it refuses connections that bring server settings, so that the switch is needed`() async throws {
        let pooler = try TestPooler(connections: 2)
        var named = configuration(pooler)
        named.preparedStatements = .named
        named.acquireTimeout = .seconds(1)
        let pool = try PostgresPool(configuration: named, logger: quiet)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await pool.run() }
            defer { group.cancelAll() }
            // The pooler refuses the settings at start-up, before any statement.
            let error = await #expect(throws: PostgresError.self) { try await pool.waitUntilReady(timeout: .milliseconds(500)) }
            #expect(error?.message.contains("unsupported startup parameter") == true, "\(error?.message ?? "")")
        }
    }
}

struct InsertPooled: PostgresStatement {
    let id: Int64

    static let name = "test.InsertPooled"
    static let text = "insert into pooled values ($1) returning id"
    static let parameterTypes: [PostgresType] = [.int8]
    static let columns: [PostgresColumn] = []
    static let cardinality = PostgresCardinality.one
    func bind(into parameters: inout PostgresParameters) { parameters.append(id) }
    static func decode(_ row: borrowing PostgresRow) throws(PostgresError) -> Int64 { try row.decode(0) }
}

struct CountPooled: NumberStatement {
    static let text = "select count(*) as number from pooled"
}
