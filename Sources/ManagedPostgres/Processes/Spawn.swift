import Foundation
import Glibc

/// Starts a child with nothing inherited but the three standard descriptors it is given.
enum Spawn {
    /// - Returns: the process number; throws the system's reason when the program could not be started.
    static func start(
        _ argumentList: [String], environment: [String: String], input: Int32, output: Int32
    ) throws(ManagedPostgresError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
        for descriptor in openDescriptors() where descriptor > 2 { posix_spawn_file_actions_addclose(&actions, descriptor) }
        prepare(&attributes)

        let arguments = argumentList.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            arguments.forEach { free($0) }
            variables.forEach { free($0) }
        }
        var processID: pid_t = 0
        let reason = posix_spawn(&processID, argumentList[0], &actions, &attributes, arguments, variables)
        guard reason == 0 else {
            throw ManagedPostgresError(.systemCall, "Can't start \(argumentList[0]): \(String(cString: strerror(reason))).")
        }
        return processID
    }

    private static func prepare(_ attributes: inout posix_spawnattr_t) {
        var signals = sigset_t()
        // What this process ignores or blocks must not reach the server, which is told to stop by signals.
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        // A process group of its own: Ctrl-C in a terminal reaches this process alone, which stops the server last.
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
    }

    /// What is open here.
    ///
    /// Nearly all of it closes by itself in a child; a library that forgets must not hand the server a socket.
    private static func openDescriptors() -> [Int32] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []).compactMap { Int32($0) }
    }
}
