import Foundation
import Postgres
import Testing

/// A PostgreSQL of this test run, in a directory of its own, reached through a Unix socket only.
final class TestServer: Sendable {
    let directory: URL
    private let binaries: String

    /// One server for all suites that do not stop it.
    static let shared = TestServer.startShared()

    private static func startShared() -> TestServer {
        let server = TestServer(directory: URL(filePath: "/tmp/plateau-postgres-\(getpid())"))
        server.create()
        server.start()
        return server
    }

    init(directory: URL) {
        self.directory = directory
        binaries = "/usr/lib/postgresql/15/bin"
    }

    var connectionString: String { "host=\(directory.path) dbname=postgres user=postgres" }

    /// Makes the cluster; what a dead process left under the same name goes first.
    func create() {
        try? FileManager.default.removeItem(at: directory)
        run("mkdir -p \(directory.path) && chown postgres \(directory.path)", asServer: false)
        run("\(binaries)/initdb -D \(directory.path)/data --auth=trust -E UTF8 --locale=C.UTF-8 -U postgres")
        let settings = """
            listen_addresses = ''
            unix_socket_directories = '\(directory.path)'
            max_connections = 120
            deadlock_timeout = 100ms
            timezone = 'UTC'
            """
        run("cat >> \(directory.path)/data/postgresql.conf <<'END'\n\(settings)\nEND")
    }

    func start() {
        // The server ends with this process: the shell that waits on our pipe stops it when the pipe closes.
        run("\(binaries)/pg_ctl -D \(directory.path)/data -l \(directory.path)/log -w start > /dev/null")
        guard processID != nil else { return }
        let keeper = Process()
        keeper.executableURL = URL(filePath: "/bin/sh")
        let stop = "\(binaries)/pg_ctl -D \(directory.path)/data -m immediate stop"
        keeper.arguments = [
            "-c",
            "while kill -0 \(getpid()) 2>/dev/null; do sleep 1; done; setpriv --reuid=postgres --regid=postgres --init-groups \(stop); "
                + "rm -rf \(directory.path)",
        ]
        keeper.standardOutput = FileHandle.nullDevice
        keeper.standardError = FileHandle.nullDevice
        try? keeper.run()
    }

    func stop(mode: String = "immediate") {
        run("\(binaries)/pg_ctl -D \(directory.path)/data -m \(mode) -w stop > /dev/null")
    }

    private var processID: Int? {
        let text = try? String(contentsOf: directory.appending(path: "data/postmaster.pid"), encoding: .utf8)
        return text?.split(separator: "\n").first.flatMap { Int($0) }
    }

    /// As root the server's programs run as `postgres`; as anyone else, as oneself.
    private func run(_ command: String, asServer: Bool = true) {
        let process = Process()
        let script = asServer ? command : command.replacingOccurrences(of: "chown postgres", with: geteuid() == 0 ? "chown postgres" : ":")
        let prefix = asServer && geteuid() == 0 ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] : []
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = prefix + ["LC_ALL=C", "sh", "-c", script].drop { prefix.isEmpty == false && $0.hasPrefix("LC_") }
        process.currentDirectoryURL = URL(filePath: "/tmp")
        process.standardOutput = FileHandle.nullDevice
        do {
            try process.run()
            process.waitUntilExit()
            if process.terminationStatus != 0 { Issue.record("\(command) ended with \(process.terminationStatus)") }
        } catch {
            Issue.record(error)
        }
    }
}
