import Foundation
import Glibc

/// The state directory, made and checked.
struct StateDirectory: Sendable {
    let layout: StateLayout

    /// Makes the state directory itself; the lock comes before anything in it.
    func make() throws(ManagedPostgresError) {
        // Root's is passed through by the server's account on its way to the data.
        try StateFiles.makeDirectory(layout.state, mode: layout.changesUser ? 0o755 : 0o700)
    }

    /// Makes the directories of the server's account and checks that it can reach them.
    func makeServerDirectories() async throws(ManagedPostgresError) {
        let parentMode: mode_t = layout.changesUser ? 0o755 : 0o700
        try StateFiles.makePrivateDirectory(layout.log, for: layout.account, parentMode: parentMode)
        try StateFiles.makePrivateDirectory(layout.socketDirectory, for: layout.account, parentMode: parentMode)
        guard layout.changesUser else { return }
        for directory in [layout.log, layout.socketDirectory] {
            let run = try await CommandRun.run(
                Command(program: "/usr/bin/test", arguments: ["-x", directory], environment: [:], account: layout.account))
            guard !run.succeeded else { continue }
            throw ManagedPostgresError(
                .pathUnusable,
                """
                The user '\(layout.account.name)', who runs PostgreSQL, can't reach \(directory)\(Self.culprit(above: directory)). \
                Choose a state directory whose parents everybody may pass through (chmod o+x).
                """)
        }
    }

    /// The major version that made the data directory, or nil when there is none yet.
    func dataMajor() throws(ManagedPostgresError) -> Int? {
        guard StateFiles.isDirectory(layout.data) else { return nil }
        let text = StateFiles.readEnd(of: layout.data + "/PG_VERSION")?.trimmingCharacters(in: .whitespacesAndNewlines)
        if let text, let major = Int(text) { return major }
        throw ManagedPostgresError(
            .pathUnusable, "\(layout.data) is there but is not a PostgreSQL data directory (no PG_VERSION that can be read). Move it away.")
    }

    private static func culprit(above directory: String) -> String {
        var path = StateFiles.parent(of: directory)
        var culprit = ""
        while path != "/" {
            var facts = stat()
            if stat(path, &facts) == 0, facts.st_mode & 0o001 == 0 { culprit = ": \(path) is closed to others" }
            path = StateFiles.parent(of: path)
        }
        return culprit
    }
}
