import Foundation
import Glibc

/// The right to run a server on one state directory, held until the value ends.
///
/// `flock` belongs to the open file, which no child inherits, so the kernel lets go of it however this process ends.
struct StateLock: ~Copyable {
    private let descriptor: Int32

    init(_ path: String) throws(ManagedPostgresError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw StateFiles.failure("open", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            close(descriptor)
            throw Self.refusal(path, reason)
        }
        // The text is for people; the lock is what counts.
        _ = ftruncate(descriptor, 0)
        _ = StateFiles.writeAll("\(getpid()) \(ProcessInfo.processInfo.processName)\n", to: descriptor)
    }

    deinit {
        // Closing alone would wait for a child that another thread has just forked and that has not become its program yet.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    private static func refusal(_ path: String, _ reason: Int32) -> ManagedPostgresError {
        guard reason == EWOULDBLOCK else {
            return ManagedPostgresError(.pathUnusable, "Can't lock \(path): \(String(cString: strerror(reason))).")
        }
        let note = (StateFiles.readEnd(of: path) ?? "").split(separator: "\n").first.map(String.init) ?? "unknown"
        return ManagedPostgresError(
            .stateLocked,
            """
            \(StateFiles.parent(of: path)) is in use by process \(note). Stop that process, or choose another state directory for this one.
            """)
    }
}
