import Logging
import Postgres
import Locking
import Testing

/// What is stored, asked and answered stays out of logs, at every level and for every failure.
@Suite(.serialized) struct SilenceOfLogsTests {
    /// In every parameter, in the text of every statement and in stored rows.
    static let marker = "Marker4711"

    @Test func `no log line and no description of an error holds a value or a statement's text`() async throws {
        let log = RecordedLog()
        try await prepare(
            """
            drop table if exists told; create table told (word text primary key, check (length(word) < 20));
            insert into told values ('\(Self.marker)');
            create or replace function speak(word text, is_error bool) returns int8 language plpgsql as $$
            begin
              if is_error then raise exception 'no %', word; end if;
              raise warning 'well, %', word;
              return 1;
            end $$
            """)
        var configuration = PostgresPool.Configuration(connectionString: TestServer.shared.connectionString)
        configuration.applicationName = "victim"
        configuration.statementTimeout = .milliseconds(200)
        let failures = try await withPool(configuration, logger: log.logger) { pool in
            var failures: [PostgresError] = []
            for statement in Self.failing { failures += await Self.failures(of: statement, on: pool) }
            failures += await Self.failuresOfSession(log.logger)
            _ = try await pool.one(Speak())
            try await prepare(KillOthers.text)
            try await pool.waitUntilReady()
            return failures
        }
        #expect(failures.count == 3 * Self.failing.count + 2)
        // The test tests something: the server did quote the marker.
        #expect(failures.contains { $0.message.contains(Self.marker) })
        #expect(failures.contains { $0.detail?.contains(Self.marker) == true })
        for failure in failures { #expect(!"\(failure)".contains(Self.marker), "\(failure)") }
        #expect(log.lines.contains { $0.contains("server notice") })
        #expect(log.lines.contains { $0.contains("lost a connection") })
        for line in log.lines { #expect(!line.contains(Self.marker), "\(line)") }
    }

    private static let failing: [any MarkedStatement] = [
        Unreadable(), Doubled(), TooLong(), NoColumn(), NoSyntax(), BadJSON(), TooSlow(), Raised(),
    ]

    private static func failures<Statement: MarkedStatement>(of statement: Statement, on pool: PostgresPool) async -> [PostgresError] {
        [
            await failure { try await pool.one(statement) },
            await failure { try await pool.write(statement, locks: []).get() },
            await failure { try await pool.transaction { try await $0.one(statement) } },
        ].compactMap(\.self)
    }

    private static func failuresOfSession(_ logger: Logger) async -> [PostgresError] {
        [
            await failure {
                let session = try await PostgresSession.connect(TestServer.shared.connectionString, logger: logger)
                _ = try await session.queryText("select $1::int8", [marker])
            },
            await failure {
                let session = try await PostgresSession.connect(TestServer.shared.connectionString, logger: logger)
                _ = try await session.copyIn("copy told from stdin", chunks: [Array("\(marker)\n".utf8)])
            },
        ].compactMap(\.self)
    }

    private static func failure<T>(of _: T.Type = T.self, _ body: () async throws -> T) async -> PostgresError? {
        do {
            _ = try await body()
            return nil
        } catch {
            return error as? PostgresError
        }
    }
}

/// Keeps every line at every level.
final class RecordedLog: Sendable {
    private let recorded = Mutex<[String]>([])

    var lines: [String] { recorded.withLock { $0 } }

    var logger: Logger {
        var logger = Logger(label: "recorded") { _ in Handler(log: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let log: RecordedLog
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            log.recorded.withLock { $0.append("\(event.level) \(event.message) \(all)") }
        }
    }
}

/// A statement with the marker as its parameter.
protocol MarkedStatement: PostgresStatement where Row == Void {}

extension MarkedStatement {
    static var name: String { "test.\(Self.self)" }
    static var parameterTypes: [PostgresType] { [.text] }
    static var columns: [PostgresColumn] { [] }
    static var cardinality: PostgresCardinality { .one }
    func bind(into parameters: inout PostgresParameters) { parameters.append(SilenceOfLogsTests.marker) }
    static func decode(_ row: borrowing PostgresRow) throws(PostgresError) {}
}

struct Unreadable: MarkedStatement {
    static let text = "select $1::int8"
}

struct Doubled: MarkedStatement {
    static let text = "insert into told values ($1) returning word"
}

struct TooLong: MarkedStatement {
    static let text = "insert into told values (repeat($1, 3)) returning word"
}

struct NoColumn: MarkedStatement {
    static let text = "select \(SilenceOfLogsTests.marker) from told where word = $1"
}

struct NoSyntax: MarkedStatement {
    static let text = "select $1 frm \(SilenceOfLogsTests.marker)"
}

struct BadJSON: MarkedStatement {
    static let text = "select ('{' || $1)::jsonb"
}

struct TooSlow: MarkedStatement {
    static let text = "select pg_sleep(length($1)) /* \(SilenceOfLogsTests.marker) */"
}

struct Raised: MarkedStatement {
    static let text = "select speak($1, true)"
}

struct Speak: MarkedStatement {
    static let text = "select speak($1, false)"
}
