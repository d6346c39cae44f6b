import Foundation

/// A PgBouncer in transaction mode in front of the shared server: each transaction may get another server connection.
final class TestPooler: Sendable {
    private let directory: String

    struct NotStarted: Error {}

    /// - Parameter connections: to the server.
    init(connections: Int) throws {
        directory = "/tmp/postgres-tests-\(getpid())-pooler"
        let configuration = """
            [databases]
            postgres = host=\(TestServer.shared.directory) port=5432 user=postgres
            [pgbouncer]
            listen_addr =
            listen_port = 6432
            unix_socket_dir = \(directory)
            auth_type = any
            pool_mode = transaction
            default_pool_size = \(connections)
            max_client_conn = 100
            logfile = \(directory)/log
            pidfile = \(directory)/pid
            """
        let file = "\(directory)/pgbouncer.ini"
        TestServer.shared.run(
            "rm -rf \(directory); mkdir \(directory); cat > \(file) <<'END'\n\(configuration)\nEND\n/usr/sbin/pgbouncer -d \(file)")
        TestServer.shared.run(whenThisProcessEnds: Self.stop(directory))
        for _ in 0..<100 where !FileManager.default.fileExists(atPath: "\(directory)/.s.PGSQL.6432") { usleep(50_000) }
        guard FileManager.default.fileExists(atPath: "\(directory)/.s.PGSQL.6432") else { throw NotStarted() }
    }

    deinit { TestServer.shared.run(Self.stop(directory)) }

    private static func stop(_ directory: String) -> String { "kill $(cat \(directory)/pid); rm -rf \(directory)" }

    var connectionString: String { "host=\(directory) port=6432 dbname=postgres user=postgres" }
}
