import Foundation

/// A PostgreSQL of this test run, in a directory of its own, reached through a Unix socket unless its settings say more.
final class TestServer: Sendable {
    let directory: String
    private let port: Int
    private static let binaries = "/usr/lib/postgresql/15/bin"

    /// One server for every suite that does not stop it.
    static let shared = TestServer(name: "shared")

    /// - Parameters:
    ///   - settings: lines for postgresql.conf.
    ///   - preparation: shell commands, run in the data directory before the server starts.
    ///   - primary: whose standby it becomes; nil makes a new cluster.
    init(name: String, settings: String = "", port: Int = 5432, preparation: String = "true", standbyOf primary: TestServer? = nil) {
        directory = "/tmp/postgres-tests-\(getpid())-\(name)"
        self.port = port
        let isRoot = geteuid() == 0
        run("rm -rf \(directory); mkdir \(directory)" + (isRoot ? "; chown postgres \(directory)" : ""), privileged: true)
        if let primary {
            run("\(Self.binaries)/pg_basebackup -h \(primary.directory) -p \(primary.port) -U postgres -D \(directory)/data -R -c fast")
        } else {
            run("\(Self.binaries)/initdb -D \(directory)/data --auth=trust -E UTF8 --locale=C.UTF-8 -U postgres")
        }
        let configuration = """
            listen_addresses = ''
            port = \(port)
            unix_socket_directories = '\(directory)'
            max_connections = 400
            deadlock_timeout = 100ms
            timezone = 'UTC'
            \(settings)
            """
        run("cat >> \(directory)/data/postgresql.conf <<'END'\n\(configuration)\nEND")
        run("cd \(directory)/data && \(preparation)")
        start()
        run(whenThisProcessEnds: "\(Self.binaries)/pg_ctl -D \(directory)/data -m immediate stop; rm -rf \(directory)")
    }

    deinit { run("\(Self.binaries)/pg_ctl -D \(directory)/data -m immediate stop; rm -rf \(directory)") }

    /// Of its Unix socket.
    var socketPath: String { "\(directory)/.s.PGSQL.\(port)" }

    var connectionString: String { "host=\(directory) port=\(port) dbname=postgres user=postgres" }

    func start() { run("\(Self.binaries)/pg_ctl -D \(directory)/data -l \(directory)/log -w start") }

    func stop() { run("\(Self.binaries)/pg_ctl -D \(directory)/data -m immediate -w stop") }

    /// Makes a standby a primary.
    func promote() { run("\(Self.binaries)/pg_ctl -D \(directory)/data -w promote") }

    /// However it ends.
    func run(whenThisProcessEnds command: String) {
        run("(while [ -d /proc/\(getpid()) ]; do sleep 1; done; \(command)) &")
    }

    /// Runs a shell command; as root, as `postgres`, as whom the server's programs must run, and as anyone else as oneself.
    func run(_ command: String, privileged: Bool = false) {
        let user = geteuid() == 0 && !privileged ? "setpriv --reuid=postgres --regid=postgres --init-groups " : ""
        let quoted = command.replacingOccurrences(of: "'", with: "'\\''")
        // Foundation's Process waits until every descendant has closed its descriptors, so for ever with a daemon.
        _ = system("cd /tmp && \(user)sh -c '\(quoted)' > /dev/null 2>&1")
    }
}
