import Foundation
import Glibc

/// A server left behind on our data directory by a process that was killed.
///
/// Such a server has been told to shut down by the kernel; this waits until it has.
struct OrphanedServer: Sendable {
    let layout: StateLayout

    /// Returns when no postmaster runs on the data directory and `postmaster.pid` can't mislead the next one.
    ///
    /// - Precondition: the state directory's lock is held, so no living process of ours owns that server.
    func waitUntilGone(grace: Duration) async throws {
        let deadline = ContinuousClock.now + grace
        while let file = PostmasterFile.read(layout.postmasterFile), isAlive(file.processID) {
            guard isPostmaster(file.processID) else { return discardStaleFile() }
            guard ContinuousClock.now < deadline else {
                throw ManagedPostgresError(
                    .orphanRunning,
                    """
                    A PostgreSQL server (process \(file.processID)) left behind by an earlier run still uses \(layout.data) and has not \
                    stopped within \(grace). Look at \(layout.log), or stop it: kill -INT \(file.processID)
                    """)
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func isAlive(_ processID: pid_t) -> Bool { kill(processID, 0) == 0 || errno == EPERM }

    /// True for a postmaster on our data directory, in which it works; a zombie has no directory any more and goes by its name.
    private func isPostmaster(_ processID: pid_t) -> Bool {
        guard let name = StateFiles.readEnd(of: "/proc/\(processID)/comm")?.trimmingCharacters(in: .newlines) else { return false }
        guard name == "postgres" || name == "postmaster" else { return false }
        guard let directory = Self.workingDirectory(processID) else { return true }
        return directory == URL(fileURLWithPath: layout.data).resolvingSymlinksInPath().path
    }

    private static func workingDirectory(_ processID: pid_t) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/\(processID)/cwd", &buffer, buffer.count)
        guard count > 0 else { return nil }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes a record whose number belongs to another program, as it may after a restart of the machine or of a container.
    ///
    /// It may even be a thread of this one. PostgreSQL only asks whether the number is in use and would refuse to start for ever. It still finds surviving children by itself,
    /// since the key of its shared memory comes from the data directory.
    private func discardStaleFile() { unlink(layout.postmasterFile) }
}
