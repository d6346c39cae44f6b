import Dispatch
import Glibc
import Locking

/// A program that this one starts and waits for.
///
/// Not `Foundation.Process`: its children inherit the signals that this process blocks or ignores, and pgbench is told by one of them
/// that its time is over.
final class ChildProgram: Sendable {
    private enum State {
        case running(waiting: [CheckedContinuation<Int32, Never>])
        case ended(Int32)
    }

    let processID: Int32
    private let state = Mutex(State.running(waiting: []))

    /// - Parameters:
    ///   - environment: all of it.
    ///   - output: a file for all its text, made anew.
    /// - Throws: ``BenchmarkFault`` when it cannot be started.
    init(_ program: String, _ arguments: [String], environment: [String: String], output: String) throws {
        processID = try Self.spawn([program] + arguments, environment: environment, output: output)
        DispatchQueue.global().async { self.waitAndReap() }
    }

    var isRunning: Bool {
        state.withLock { if case .running = $0 { true } else { false } }
    }

    /// Asks it to end (SIGTERM), unless it has: its number may belong to another by then.
    func stop() {
        state.withLock { if case .running = $0 { _ = kill(processID, SIGTERM) } }
    }

    /// Waits for its end and gives its exit code, 128 and more for a signal; cancellation asks for the end.
    func exit() async -> Int32 {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ended: Int32? = state.withLock {
                    switch $0 {
                    case .ended(let code): return code
                    case .running(let waiting):
                        $0 = .running(waiting: waiting + [continuation])
                        return nil
                    }
                }
                if let ended { continuation.resume(returning: ended) }
            }
        } onCancel: {
            stop()
        }
    }

    private func waitAndReap() {
        var facts = siginfo_t()
        // WNOWAIT keeps the number taken until the lock that `stop` takes is held.
        while waitid(P_PID, id_t(processID), &facts, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        let (code, waiting) = state.withLock { state -> (Int32, [CheckedContinuation<Int32, Never>]) in
            var word: Int32 = 0
            while waitpid(processID, &word, 0) < 0, errno == EINTR {}
            let code = word & 0x7F == 0 ? (word >> 8) & 0xFF : 128 + (word & 0x7F)
            defer { state = .ended(code) }
            if case .running(let waiting) = state { return (code, waiting) }
            return (code, [])
        }
        for continuation in waiting { continuation.resume(returning: code) }
    }

    private static func spawn(_ command: [String], environment: [String: String], output: String) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        let arguments = command.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
            (arguments + variables).forEach { free($0) }
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        // A group of its own: Ctrl-C reaches this process alone, which stops the others in order.
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
        var processID: pid_t = 0
        let reason = posix_spawn(&processID, command[0], &actions, &attributes, arguments, variables)
        guard reason == 0 else { throw BenchmarkFault("cannot start \(command[0]): \(String(cString: strerror(reason)))") }
        return processID
    }
}
