import Postgres
import Testing

/// Each test has a server of its own to harm.
@Suite(.serialized) struct OutageTests {
    @Test func `the pool survives a server that goes and comes back`() async throws {
        let server = TestServer(name: "outage")
        try await withPool(on: server, { $0.acquireTimeout = .milliseconds(300) }) { pool in
            let before = try await pool.one(Double2(number: 1))
            #expect(before == 2)
            server.stop()
            // Long enough for the pauses between tries to grow beyond the patience of a request.
            for _ in 0..<6 {
                let start = ContinuousClock.now
                let error = await #expect(throws: PostgresError.self) { try await pool.one(Double2(number: 1)) }
                #expect(error?.code == .connectionRefused || error?.code == .connectionLost)
                #expect(ContinuousClock.now - start < .seconds(1))
                guard case .failed = await pool.write(Double2(number: 1), locks: []) else {
                    Issue.record("there was no server")
                    return
                }
                await #expect(throws: PostgresError.self) { try await pool.transaction { try await $0.one(Double2(number: 1)) } }
            }
            server.start()
            try await pool.waitUntilReady()
            let after = try await pool.one(Double2(number: 3))
            #expect(after == 6)
            let inside = try await pool.transaction { try await $0.one(Double2(number: 4)) }
            #expect(inside == 8)
        }
    }

    @Test func `a server that crashes in the middle leaves the outcome unknown`() async throws {
        let server = TestServer(name: "crash")
        try await withPool(on: server) { pool in
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    guard case .unknown(let error) = await pool.write(Sleep(seconds: 60), locks: nil) else {
                        Issue.record("it cannot be known")
                        return
                    }
                    #expect(error.code == .connectionLost)
                    #expect(!error.isRetryable)
                }
                while pool.statistics.requestsInFlight == 0 { await Task.yield() }
                // In flight is what was handed to the socket: the server is given the time to begin.
                try? await Task.sleep(for: .seconds(1))
                server.stop()
            }
        }
    }

    @Test func `a commit that gave up its standby is neither done nor failed`() async throws {
        let server = TestServer(name: "standby", settings: "synchronous_standby_names = 'absent'")
        try await prepare("set synchronous_commit = local; create table noted (id int8)", on: server)
        try await withPool(on: server) { pool in
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    guard case .unknown(let error) = await pool.write(Note(id: 1), locks: []) else {
                        Issue.record("no standby has it")
                        return
                    }
                    #expect(error.code == .replicationUncertain)
                }
                group.addTask {
                    let error = await #expect(throws: PostgresError.self) {
                        try await pool.transaction { _ = try await $0.one(Note(id: 2)) }
                    }
                    #expect(error?.effect == .unknown)
                }
                while (try? await pool.one(WaitersForStandby())) ?? 0 < 2 { await Task.yield() }
                try? await prepare(
                    "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'", on: server)
            }
        }
    }

    @Test func `every backend killed again and again, the pool heals each time`() async throws {
        let server = TestServer(name: "storm")
        try await withPool(on: server, { $0.applicationName = "victim" }) { pool in
            for round in 0..<5 as Range<Int64> {
                try await prepare(KillOthers.text, on: server)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<50 as Range<Int64> {
                        group.addTask {
                            do throws(PostgresError) {
                                let answer = try await pool.one(Double2(number: number + round))
                                #expect(answer == 2 * (number + round))
                            } catch {
                                #expect(error.code == .connectionLost)
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            try await pool.waitUntilReady()
            #expect(pool.statistics.connectionsLost >= 5)
        }
    }

    @Test func `a server that turned read-only loses its connections`() async throws {
        try await prepare("create table if not exists noticed (id int8)")
        let readOnly = PostgresSetting(name: "default_transaction_read_only", value: "on")
        try await withPool({ $0.sessionSettings = [readOnly] }) { pool in
            guard case .failed(let error) = await pool.write(TouchSequence(), locks: []) else {
                Issue.record("it should be refused")
                return
            }
            #expect(error.sqlState == .readOnlySQLTransaction)
            #expect(error.isRetryable)
            while pool.statistics.connectionsLost == 0 { await Task.yield() }
        }
    }

    @Test func `a silent host is passed over for the next`() async throws {
        let silent = try SilentHost()
        let directory = try #require(TestServer.shared.connectionString.split(separator: " ").first?.dropFirst("host=".count))
        var configuration = PostgresPool.Configuration(
            connectionString: "host=127.0.0.1,\(directory) port=\(silent.port),5432 dbname=postgres user=postgres sslmode=disable")
        configuration.connectTimeout = .milliseconds(200)
        let pool = try PostgresPool(configuration: configuration, logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await pool.run() }
            try await pool.waitUntilReady()
            group.cancelAll()
        }
    }

    @Test func `two texts under one name are refused`() throws {
        let configuration = PostgresPool.Configuration(connectionString: "host=/nowhere")
        _ = try PostgresPool(configuration: configuration, logger: quiet, statements: [Double2.self, Double2.self, Sleep.self])
        let error = #expect(throws: PostgresError.self) {
            try PostgresPool(configuration: configuration, logger: quiet, statements: [Double2.self, FalseDouble2.self])
        }
        #expect(error?.code == .misuse)
    }

    @Test func `requests after the end are refused at once`() async throws {
        let kept = try await withPool { pool in pool }
        let error = await #expect(throws: PostgresError.self) { try await kept.one(Double2(number: 1)) }
        #expect(error?.code == .shuttingDown)
        await #expect(throws: PostgresError.self) { try await kept.transaction { try await $0.one(Double2(number: 1)) } }
        await #expect(throws: PostgresError.self) { try await kept.run() }
    }

    @Test func `a connection string that cannot be read is refused without being quoted`() async throws {
        let configuration = PostgresPool.Configuration(connectionString: "passwort=hunter2")
        let error = #expect(throws: PostgresError.self) { try PostgresPool(configuration: configuration, logger: quiet) }
        #expect(error?.code == .misuse)
        #expect(error?.description.contains("hunter2") == false)
    }
}

struct Note: PostgresStatement {
    let id: Int64

    static let name = "test.Note"
    static let text = "insert into noted values ($1) returning id"
    static let parameterTypes: [PostgresType] = [.int8]
    static let columns: [PostgresColumn] = []
    static let cardinality = PostgresCardinality.one
    func bind(into parameters: inout PostgresParameters) { parameters.append(id) }
    static func decode(_ row: borrowing PostgresRow) throws(PostgresError) -> Int64 { try row.decode(0) }
}

struct WaitersForStandby: NumberStatement {
    static let text = "select count(*) as number from pg_stat_activity where wait_event = 'SyncRep'"
}

struct TouchSequence: NumberStatement {
    static let text = "insert into noticed values (1) returning 1::int8"
}

struct FalseDouble2: NumberStatement {
    static let name = Double2.name
    static let text = "select 2::int8 as number"
}
