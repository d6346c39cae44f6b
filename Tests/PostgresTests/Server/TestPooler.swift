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
            postgres = host=\(TestServer.shared.directory) port=5432
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
        // A line with `any` names the user of every connection to the server.
        let databases = configuration.replacingOccurrences(of: "port=5432", with: "port=5432 user=postgres")
        TestServer.shared.run(
            "rm -rf \(directory); mkdir \(directory); cat > \(file) <<'END'\n\(databases)\nEND\n/usr/sbin/pgbouncer -d \(file)")
        for _ in 0..<100 where !FileManager.default.fileExists(atPath: "\(directory)/.s.PGSQL.6432") { usleep(50_000) }
        guard FileManager.default.fileExists(atPath: "\(directory)/.s.PGSQL.6432") else { throw NotStarted() }
    }

    deinit { TestServer.shared.run("kill $(cat \(directory)/pid); rm -rf \(directory)") }

    var connectionString: String { "host=\(directory) port=6432 dbname=postgres user=postgres" }
}
