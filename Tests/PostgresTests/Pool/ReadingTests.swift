import Postgres
import Testing

@Suite struct ReadingTests {
    @Test func `two hundred reads at a time each get their own answer`() async throws {
        try await withPool { pool in
            try await withThrowingTaskGroup(of: (Int64, Int64).self) { group in
                for number in 0..<200 as Range<Int64> {
                    group.addTask { (number, try await pool.one(Double2(number: number))) }
                }
                for try await (number, answer) in group { #expect(answer == number * 2) }
            }
        }
    }

    @Test func `an error of one request touches no other`() async throws {
        try await withPool({ $0.pipelinedConnections = 1 }) { pool in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<100 as Range<Int64> {
                    group.addTask {
                        guard number % 3 == 0 else { return try await pool.one(Double2(number: number)) == number * 2 }
                        do throws(PostgresError) {
                            _ = try await pool.one(Divide(divisor: 0))
                            return false
                        } catch {
                            return error.sqlState == SQLState(rawValue: "22012") && error.effect == .nothingHappened
                        }
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
        }
    }

    @Test func `quick reads travel together, and one that fails among them fails alone`() async throws {
        try await withPool({ $0.pipelinedConnections = 1 }) { pool in
            // Until it has proven to be quick.
            while pool.statistics.readsRedone == 0 {
                for _ in 0..<4 { _ = try await pool.one(Divide(divisor: 1)) }
                await withTaskGroup(of: Void.self) { group in
                    for number in 0..<60 as Range<Int64> {
                        group.addTask {
                            do throws(PostgresError) {
                                let answer = try await pool.one(Divide(divisor: number == 40 ? 0 : 1))
                                #expect(answer == 1)
                            } catch {
                                #expect(number == 40, "\(error)")
                                #expect(error.sqlState == SQLState(rawValue: "22012"))
                            }
                        }
                    }
                }
            }
        }
    }

    @Test func `a constraint is named, the detail stays out of the description`() async throws {
        try await prepare("create table if not exists named (id int8 constraint named_once primary key); truncate named")
        try await withPool { pool in
            let value1 = try await pool.execute(InsertNamed(id: 7))
            #expect(value1 == 1)
            let error = await #expect(throws: PostgresError.self) { try await pool.execute(InsertNamed(id: 7)) }
            #expect(error?.code == .server)
            #expect(error?.sqlState == .uniqueViolation)
            #expect(error?.constraint == "named_once")
            #expect(error?.table == "named")
            #expect(error?.schema == "public")
            #expect(error?.statement == "test.InsertNamed")
            #expect(error?.detail?.contains("(7)") == true)
            #expect(error?.description.contains("(7)") == false)
        }
    }

    @Test func `a statement that cannot be prepared reports why, each time`() async throws {
        try await withPool({ $0.pipelinedConnections = 1 }) { pool in
            await withTaskGroup(of: SQLState?.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        do throws(PostgresError) { _ = try await pool.one(NoSuchTable()) } catch { return error.sqlState }
                        return nil
                    }
                }
                for await state in group { #expect(state == .undefinedTable) }
            }
        }
    }

    @Test func `a statement whose plan no longer fits is prepared anew`() async throws {
        try await prepare("drop table if exists changing; create table changing (a int8); insert into changing values (1)")
        try await withPool { pool in
            let value2 = try await pool.all(SelectChanging()).count
            #expect(value2 == 1)
            try await prepare("alter table changing add column b int8")
            for _ in 0..<8 { #expect(try await pool.all(SelectChanging()).count == 1) }
        }
    }

    @Test func `settings hold for their own request only`() async throws {
        try await withPool({ $0.pipelinedConnections = 1 }) { pool in
            let setting = PostgresSetting(name: "plateau.actor", value: "it's me")
            async let with = pool.one(CurrentSetting(setting: "plateau.actor"), settings: [setting])
            async let without = pool.one(CurrentSetting(setting: "plateau.actor"))
            let value3 = try await with
            #expect(value3 == "it's me")
            let value4 = try await without
            #expect(value4 == nil)
            let value5 = try await pool.one(CurrentSetting(setting: "plateau.actor"))
            #expect(value5 == nil)
        }
    }

    @Test func `a wrong number of rows is an error`() async throws {
        try await withPool { pool in
            let none = await #expect(throws: PostgresError.self) { try await pool.one(Series(count: 0)) }
            #expect(none?.code == .unexpectedRowCount)
            let two = await #expect(throws: PostgresError.self) { try await pool.first(Series(count: 2)) }
            #expect(two?.code == .unexpectedRowCount)
            let value6 = try await pool.first(Series(count: 0))
            #expect(value6 == nil)
            let value7 = try await pool.all(Series(count: 3))
            #expect(value7 == [1, 2, 3])
            let value8 = try await pool.withResult(Series(count: 3)) { $0.rowCount }
            #expect(value8 == 3)
        }
    }

    @Test func `a large result arrives whole`() async throws {
        try await withPool { pool in
            let rows = try await pool.all(Series(count: 300_000))
            #expect(rows.count == 300_000)
            #expect(rows.last == 300_000)
        }
    }

    @Test func `a large parameter leaves whole`() async throws {
        try await withPool { pool in
            let values = (0..<500_000).map(Int64.init)
            let value9 = try await pool.one(Sum(values: values))
            #expect(value9 == values.reduce(0, +))
        }
    }

    @Test func `a cancelled task stops waiting and harms nobody`() async throws {
        try await withPool({
            $0.pipelinedConnections = 2
            $0.shutdownTimeout = .milliseconds(50)
        }) { pool in
            await withTaskGroup(of: PostgresError?.self) { group in
                group.addTask {
                    do throws(PostgresError) { _ = try await pool.one(Sleep(seconds: 600)) } catch { return error }
                    return nil
                }
                while pool.statistics.requestsInFlight == 0 { await Task.yield() }
                group.cancelAll()
                let error = await group.next() ?? nil
                #expect(error?.code == .cancelled)
                #expect(error?.effect == .unknown)
            }
            let answer = try await pool.one(Double2(number: 4))
            #expect(answer == 8)
        }
    }

    @Test func `neighbours of a cancelled task get their answers`() async throws {
        try await withPool({ $0.pipelinedConnections = 1 }) { pool in
            for _ in 0..<4 { _ = try await pool.one(Double2(number: 1)) }
            for round in 0..<20 {
                await withTaskGroup(of: Void.self) { group in
                    for number in 0..<64 as Range<Int64> {
                        group.addTask {
                            let isDoomed = number % 2 == 1
                            await withTaskGroup(of: Void.self) { inner in
                                inner.addTask {
                                    do throws(PostgresError) {
                                        let answer = try await pool.one(Double2(number: number))
                                        #expect(answer == 2 * number)
                                    } catch {
                                        #expect(isDoomed && error.code == .cancelled, "round \(round): \(error)")
                                    }
                                }
                                if isDoomed { inner.cancelAll() }
                            }
                        }
                    }
                }
            }
        }
    }

    @Test func `a read that takes too long among quick ones is not tried again, they are`() async throws {
        try await withPool({
            $0.pipelinedConnections = 1
            $0.statementTimeout = .milliseconds(400)
        }) { pool in
            while pool.statistics.readsRedone == 0 {
                for _ in 0..<4 { _ = try await pool.one(Sleep(seconds: 0)) }
                await withTaskGroup(of: Void.self) { group in
                    for number in 0..<40 {
                        group.addTask {
                            do throws(PostgresError) {
                                _ = try await pool.one(Sleep(seconds: number == 20 ? 30 : 0))
                                #expect(number != 20)
                            } catch {
                                #expect(number == 20, "\(error)")
                                #expect(error.sqlState == .queryCancelled)
                            }
                        }
                    }
                }
            }
        }
    }

    @Test func `a statement that takes too long is ended by the server`() async throws {
        try await withPool({ $0.statementTimeout = .milliseconds(50) }) { pool in
            let error = await #expect(throws: PostgresError.self) { try await pool.one(Sleep(seconds: 5)) }
            #expect(error?.sqlState == .queryCancelled)
        }
    }
}

struct Divide: PostgresStatement {
    let divisor: Int64

    static let name = "test.Divide"
    static let text = "select 1 / $1 as number"
    static let parameterTypes: [PostgresType] = [.int8]
    static let columns: [PostgresColumn] = []
    static let cardinality = PostgresCardinality.one
    func bind(into parameters: inout PostgresParameters) { parameters.append(divisor) }
    static func decode(_ row: borrowing PostgresRow) throws(PostgresError) -> Int64 { try row.decode(0) }
}

struct InsertNamed: PostgresStatement {
    let id: Int64

    static let name = "test.InsertNamed"
    static let text = "insert into named values ($1)"
    static let parameterTypes: [PostgresType] = [.int8]
    static let columns: [PostgresColumn] = []
    static let cardinality = PostgresCardinality.none
    func bind(into parameters: inout PostgresParameters) { parameters.append(id) }
    static func decode(_ row: borrowing PostgresRow) throws(PostgresError) {}
}

struct NoSuchTable: NumberStatement {
    static let text = "select id as number from no_such_table"
}

struct SelectChanging: NumberStatement {
    static let text = "select * from changing"
}

struct Series: PostgresStatement {
    let count: Int64

    static let name = "test.Series"
    static let text = "select generate_series(1, $1) as number"
    static let parameterTypes: [PostgresType] = [.int8]
    static let columns = [PostgresColumn(name: "number", type: .int8, isNullable: true)]
    static let cardinality = PostgresCardinality.many
    func bind(into parameters: inout PostgresParameters) { parameters.append(count) }
    static func decode(_ row: borrowing PostgresRow) throws(PostgresError) -> Int64 { try row.decode(0) }
}

struct Sum: PostgresStatement {
    let values: [Int64]

    static let name = "test.Sum"
    static let text = "select sum(v)::int8 as number from unnest($1) as u(v)"
    static let parameterTypes: [PostgresType] = [.int8Array]
    static let columns: [PostgresColumn] = []
    static let cardinality = PostgresCardinality.one
    func bind(into parameters: inout PostgresParameters) { parameters.append(values) }
    static func decode(_ row: borrowing PostgresRow) throws(PostgresError) -> Int64 { try row.decode(0) }
}
