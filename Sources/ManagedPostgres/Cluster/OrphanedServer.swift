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
            guard isPostmaster(file.processID) else { return discardRecords() }
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

    /// True for a postmaster that works in our data directory, which a killed one not reaped yet no longer does.
    private func isPostmaster(_ processID: pid_t) -> Bool {
        guard let name = StateFiles.readEnd(of: "/proc/\(processID)/comm")?.trimmingCharacters(in: .newlines) else { return false }
        guard name == "postgres" || name == "postmaster" else { return false }
        return Self.workingDirectory(processID) == URL(fileURLWithPath: layout.data).resolvingSymlinksInPath().path
    }

    private static func workingDirectory(_ processID: pid_t) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/\(processID)/cwd", &buffer, buffer.count)
        guard count > 0 else { return nil }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes what records a number that belongs to a zombie, or to another program as it may after a restart of machine or container.
    ///
    /// PostgreSQL only asks whether the number is in use, be it by a thread of this very process, and would refuse to start. It still
    /// finds surviving children by itself, since the key of its shared memory comes from the data directory.
    private func discardRecords() {
        unlink(layout.socketLock)
        unlink(layout.postmasterFile)
    }
}
