import Dispatch
import Glibc
import Locking

/// A running direct child, reaped as soon as it ends.
///
/// Linux ties the parent-death signal to the *thread* that made the child. So one thread both starts the child and waits for it: it
/// can't end before the child does, except with the whole process, which is exactly when the signal is wanted.
final class ChildProcess: Sendable {
    private enum State {
        case running(waiting: [CheckedContinuation<ExitStatus, Never>])
        case ended(ExitStatus)
    }

    let processID: pid_t
    private let state = Mutex(State.running(waiting: []))

    private init(_ processID: pid_t) { self.processID = processID }

    /// Starts a child whose text is appended to the file at `outputPath`, emptied before.
    static func start(_ command: Command, outputPath: String) async throws(ManagedPostgresError) -> ChildProcess {
        let setpriv = try Command.findSetpriv()
        // Through a lock, which the Thread Sanitizer sees; a continuation that is resumed before it is awaited it does not.
        let made = Mutex<Result<ChildProcess, ManagedPostgresError>?>(nil)
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            do throws(ManagedPostgresError) {
                try BlockingThread.start {
                    do throws(ManagedPostgresError) {
                        let child = ChildProcess(try spawn(command, setpriv: setpriv, outputPath: outputPath))
                        made.withLock { $0 = .success(child) }
                        continuation.resume()
                        child.waitAndReap()
                    } catch {
                        made.withLock { $0 = .failure(error) }
                        continuation.resume()
                    }
                }
            } catch {
                made.withLock { $0 = .failure(error) }
                continuation.resume()
            }
        }
        guard let outcome = made.withLock({ $0 }) else { preconditionFailure("resumed with nothing made") }
        return try outcome.get()
    }

    private static func spawn(_ command: Command, setpriv: String, outputPath: String) throws(ManagedPostgresError) -> pid_t {
        let output = open(outputPath, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard output >= 0 else { throw StateFiles.failure("write", outputPath) }
        defer { close(output) }
        let input = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw StateFiles.failure("open", "/dev/null") }
        defer { close(input) }
        return try Spawn.start(
            command.argumentList(setpriv: setpriv), environment: command.environment, input: input, output: output)
    }

    /// How the child ended, or nil while it runs.
    var exitStatus: ExitStatus? {
        state.withLock { if case .ended(let status) = $0 { status } else { nil } }
    }

    /// Waits for the child's end, whether or not the caller's task is cancelled.
    func exit() async -> ExitStatus {
        await withCheckedContinuation { continuation in
            let ended: ExitStatus? = state.withLock {
                switch $0 {
                case .ended(let status): return status
                case .running(let waiting):
                    $0 = .running(waiting: waiting + [continuation])
                    return nil
                }
            }
            if let ended { continuation.resume(returning: ended) }
        }
    }

    /// Sends a signal, unless the child has ended: its number may belong to somebody else by then.
    func signal(_ number: Int32) {
        state.withLock {
            if case .running = $0 { kill(processID, number) }
        }
    }

    /// Asks PostgreSQL for a fast shutdown, and for an immediate one when it takes longer than `grace`.
    func stop(grace: Duration) {
        signal(SIGINT)
        let seconds = Double(grace.components.seconds) + Double(grace.components.attoseconds) / 1e18
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { self.signal(SIGQUIT) }
    }

    private func waitAndReap() {
        var facts = siginfo_t()
        // WNOWAIT leaves the zombie, and so its number, in place until the lock that `signal` takes is held.
        while waitid(P_PID, id_t(processID), &facts, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        let (status, waiting) = state.withLock { state -> (ExitStatus, [CheckedContinuation<ExitStatus, Never>]) in
            var word: Int32 = 0
            while waitpid(processID, &word, 0) < 0, errno == EINTR {}
            let status = ExitStatus(waitStatus: word)
            defer { state = .ended(status) }
            if case .running(let waiting) = state { return (status, waiting) }
            return (status, [])
        }
        for continuation in waiting { continuation.resume(returning: status) }
    }
}
