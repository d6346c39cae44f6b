import Foundation
import Glibc

/// Makes the data directory with its database, in one step as seen from outside.
///
/// Everything happens in a directory of another name, renamed when it is whole and on disk. What an interrupted attempt left behind is
/// removed by the next one.
struct ClusterCreation: Sendable {
    static let draftPrefix = "data.new-"

    let layout: StateLayout
    let binaries: ServerBinaries
    let owner: String
    let database: String

    private var draft: String { layout.state + "/" + Self.draftPrefix + "\(getpid())" }

    /// - Precondition: the state directory's lock is held.
    func run() async throws(ManagedPostgresError) {
        try discardDrafts()
        try StateFiles.makePrivateDirectory(draft, for: layout.account, parentMode: 0o700)
        try await initialize()
        try await createDatabase()
        guard rename(draft, layout.data) == 0 else { throw StateFiles.failure("rename to \(layout.data)", draft) }
        try StateFiles.synchronize(layout.state)
    }

    private func discardDrafts() throws(ManagedPostgresError) {
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: layout.state)
            for name in names where name.hasPrefix(Self.draftPrefix) {
                try FileManager.default.removeItem(atPath: layout.state + "/" + name)
            }
        } catch {
            throw ManagedPostgresError(
                .pathUnusable, "Can't remove a half-made data directory in \(layout.state): \(error.localizedDescription)")
        }
    }

    private func initialize() async throws(ManagedPostgresError) {
        let run = try await CommandRun.run(
            command(
                binaries.initdb,
                [
                    "-D", draft, "--username=\(owner)", "--auth-local=peer", "--auth-host=reject", "--data-checksums",
                    "--encoding=UTF8", "--locale-provider=icu", "--icu-locale=und", "--locale=C.UTF-8", "--no-instructions",
                ]))
        guard run.succeeded else { throw failure("initdb \(run.status)", run.output) }
    }

    /// Single-user mode: no socket, no second program, and an error ends the run.
    private func createDatabase() async throws(ManagedPostgresError) {
        let name = database.replacingOccurrences(of: "\"", with: "\"\"")
        let run = try await CommandRun.run(
            command(binaries.postgres, ["--single", "-D", draft, "-c", "exit_on_error=on", "template1"]),
            input: "CREATE DATABASE \"\(name)\"\n")
        guard run.succeeded else { throw failure("creating the database '\(database)' \(run.status)", run.output) }
    }

    private func command(_ program: String, _ arguments: [String]) -> Command {
        Command(
            program: program, arguments: arguments,
            environment: Command.environment(binaries: binaries.directory, account: layout.account),
            account: layout.changesUser ? layout.account : nil)
    }

    private func failure(_ what: String, _ output: String) -> ManagedPostgresError {
        ManagedPostgresError(.creationFailed, "Making a data directory in \(layout.state) failed: \(what).\n\(output.suffix(2000))")
    }
}
