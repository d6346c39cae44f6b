import Glibc

/// A command run to its end, with its text.
struct CommandRun: Sendable {
    let status: ExitStatus
    /// Standard output and standard error, in the order written.
    let output: String

    var succeeded: Bool { status == .code(0) }

    /// Runs the command on a thread of its own; `input` is what it reads.
    static func run(_ command: Command, input: String = "") async throws(ManagedPostgresError) -> CommandRun {
        let setpriv = try Command.findSetpriv()
        return try await BlockingThread.run { () -> Result<CommandRun, ManagedPostgresError> in
            do throws(ManagedPostgresError) {
                return .success(try perform(command, setpriv: setpriv, input: input))
            } catch {
                return .failure(error)
            }
        }
    }

    private static func perform(_ command: Command, setpriv: String, input: String) throws(ManagedPostgresError) -> CommandRun {
        let source = try ScratchFile(input)
        let sink = try ScratchFile("")
        let processID = try Spawn.start(
            command.argumentList(setpriv: setpriv), environment: command.environment, input: source.descriptor,
            output: sink.descriptor)
        var word: Int32 = 0
        while waitpid(processID, &word, 0) < 0, errno == EINTR {}
        return CommandRun(status: ExitStatus(waitStatus: word), output: sink.text())
    }
}
