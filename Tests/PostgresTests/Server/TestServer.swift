import Foundation

/// A PostgreSQL of this test run, in a directory of its own, reached through a Unix socket only.
final class TestServer: Sendable {
    private let directory: String
    private static let binaries = "/usr/lib/postgresql/15/bin"

    /// One server for every suite that does not stop it.
    static let shared = TestServer(name: "shared")

    init(name: String, settings: String = "") {
        directory = "/tmp/postgres-tests-\(getpid())-\(name)"
        let isRoot = geteuid() == 0
        run("rm -rf \(directory); mkdir \(directory)" + (isRoot ? "; chown postgres \(directory)" : ""), privileged: true)
        run("\(Self.binaries)/initdb -D \(directory)/data --auth=trust -E UTF8 --locale=C.UTF-8 -U postgres")
        let configuration = """
            listen_addresses = ''
            unix_socket_directories = '\(directory)'
            max_connections = 400
            deadlock_timeout = 100ms
            timezone = 'UTC'
            \(settings)
            """
        run("cat >> \(directory)/data/postgresql.conf <<'END'\n\(configuration)\nEND")
        start()
        keepWatch()
    }

    deinit { run("\(Self.binaries)/pg_ctl -D \(directory)/data -m immediate stop; rm -rf \(directory)") }

    var connectionString: String { "host=\(directory) dbname=postgres user=postgres" }

    func start() { run("\(Self.binaries)/pg_ctl -D \(directory)/data -l \(directory)/log -w start") }

    func stop() { run("\(Self.binaries)/pg_ctl -D \(directory)/data -m immediate -w stop") }

    /// Ends the server when this process ends, however it ends.
    private func keepWatch() {
        let stop = "\(Self.binaries)/pg_ctl -D \(directory)/data -m immediate stop; rm -rf \(directory)"
        run("(while [ -d /proc/\(getpid()) ]; do sleep 1; done; \(stop)) &")
    }

    /// As root the server's programs run as `postgres`; as anyone else, as oneself.
    private func run(_ command: String, privileged: Bool = false) {
        let user = geteuid() == 0 && !privileged ? "setpriv --reuid=postgres --regid=postgres --init-groups " : ""
        let quoted = command.replacingOccurrences(of: "'", with: "'\\''")
        // Foundation's Process waits until every descendant has closed its descriptors, so for ever with a daemon.
        _ = system("cd /tmp && \(user)sh -c '\(quoted)' > /dev/null 2>&1")
    }
}
