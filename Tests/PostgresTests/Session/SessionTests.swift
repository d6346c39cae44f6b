import Postgres
import Testing

@Suite(.serialized) struct SessionTests {
    private func withSession<T: Sendable>(_ body: @Sendable (PostgresSession) async throws -> T) async throws -> T {
        let session = try await PostgresSession.connect(TestServer.shared.connectionString, logger: quiet)
        let value = try await body(session)
        await session.close()
        return value
    }

    @Test func `a script of several commands is one transaction`() async throws {
        try await withSession { session in
            try await session.execute(script: "drop table if exists scripted; create table scripted (a int)")
            let error = await #expect(throws: PostgresError.self) {
                try await session.execute(script: "insert into scripted values (1); select 1/0")
            }
            #expect(error?.sqlState == SQLState(rawValue: "22012"))
            let rows = try await session.queryText("select count(*), $1, $2::text from scripted", ["x", nil])
            #expect(rows == [["0", "x", nil]])
        }
    }

    @Test func `statements run on a session too`() async throws {
        try await withSession { session in
            for number in 1...3 as ClosedRange<Int64> {
                let rows = try await session.query(Double2(number: number))
                #expect(rows == [number * 2])
            }
            let version = try await session.serverVersion()
            #expect(version >= 150_000)
        }
    }

    @Test func `a description tells parameters and columns`() async throws {
        try await withSession { session in
            let (parameters, columns) = try await session.describe(OptionalEcho.self)
            #expect(parameters == [.bytea, .text])
            #expect(columns.map(\.name) == ["bytes", "text"])
            #expect(columns.map(\.type) == [.bytea, .text])
            let error = await #expect(throws: PostgresError.self) { try await session.describe(NoSuchTable.self) }
            #expect(error?.sqlState == .undefinedTable)
        }
    }

    @Test func `ten thousand rows by COPY`() async throws {
        try await withSession { session in
            try await session.execute(script: "drop table if exists copied; create table copied (id int8, name text)")
            let copied = try await session.copyIn("copied".copyCommand, rows: 0..<10_000) { number, row in
                row.append(Int64(number))
                row.append(number % 3 == 0 ? nil : "name \(number)")
            }
            #expect(copied == 10_000)
            let rows = try await session.queryText("select count(*), sum(id), count(name), max(name) from copied")
            #expect(rows == [["10000", "49995000", "6666", "name 9998"]])
        }
    }

    @Test func `rows of a stream by COPY, nothing when the stream fails`() async throws {
        struct Broken: Error {}
        try await withSession { session in
            try await session.execute(script: "drop table if exists streamed; create table streamed (id int8)")
            let good = AsyncThrowingStream<Int64, any Error> { continuation in
                for number in 0..<5000 as Range<Int64> { continuation.yield(number) }
                continuation.finish()
            }
            let copied = try await session.copyIn("streamed".copyCommand, rows: good) { $1.append($0) }
            #expect(copied == 5000)
            let bad = AsyncThrowingStream<Int64, any Error> { continuation in
                continuation.yield(1)
                continuation.finish(throwing: Broken())
            }
            await #expect(throws: Broken.self) { try await session.copyIn("streamed".copyCommand, rows: bad) { $1.append($0) } }
            let rows = try await session.queryText("select count(*) from streamed")
            #expect(rows == [["5000"]])
        }
    }

    @Test func `COPY in text form, and one the server refuses`() async throws {
        try await withSession { session in
            try await session.execute(script: "drop table if exists texted; create table texted (id int8 primary key)")
            let copied = try await session.copyIn("copy texted from stdin", chunks: ["1\n2\n", "3\n"].map { Array($0.utf8) })
            #expect(copied == 3)
            let error = await #expect(throws: PostgresError.self) {
                try await session.copyIn("copy texted from stdin", chunks: [Array("3\n".utf8)])
            }
            #expect(error?.sqlState == .uniqueViolation)
            await #expect(throws: PostgresError.self) { try await session.copyIn("select 1", chunks: [[UInt8]]()) }
            let rows = try await session.queryText("select count(*) from texted")
            #expect(rows == [["3"]])
        }
    }

    @Test func `a long statement can be cancelled from outside`() async throws {
        try await withSession { session in
            async let rows = session.queryText("select pg_sleep(30), 'to be cancelled'")
            while try await isSleeping() == false { await Task.yield() }
            try session.cancelStatement()
            do {
                _ = try await rows
                Issue.record("it was not cancelled")
            } catch let error as PostgresError {
                #expect(error.sqlState == .queryCancelled)
            }
            let version = try await session.serverVersion()
            #expect(version > 0)
        }
    }

    private func isSleeping() async throws -> Bool {
        try await withSession { session in
            let sql = "select from pg_stat_activity where wait_event = 'PgSleep' and query like '%to be ' || 'cancelled%'"
            return try await session.queryText(sql).isEmpty == false
        }
    }

    @Test func `a closed session says so`() async throws {
        let session = try await PostgresSession.connect(TestServer.shared.connectionString, logger: quiet)
        await session.close()
        let error = await #expect(throws: PostgresError.self) { try await session.execute(script: "select 1") }
        #expect(error?.code == .misuse)
    }

    @Test func `a server that is not there is refused`() async throws {
        let error = await #expect(throws: PostgresError.self) {
            try await PostgresSession.connect("host=/nowhere dbname=x", logger: quiet)
        }
        #expect(error?.code == .connectionRefused)
    }
}

extension String {
    fileprivate var copyCommand: String { "copy \(self) from stdin (format binary)" }
}
