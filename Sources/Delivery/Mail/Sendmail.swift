import FoundationEssentials
import Glibc
import NIOPosix

/// Hands messages to a program that takes them as `sendmail` does: from its standard input, recipients as arguments.
struct Sendmail: Sendable {
    enum Outcome: Hashable, Sendable {
        case accepted
        /// This message will never be taken (an address or a message that it refuses).
        case refused(String)
        case notNow(String)
    }

    let program: String
    let sender: MailAddress
    let deadline: Duration

    init(program: String, sender: MailAddress, deadline: Duration = .seconds(60)) {
        self.program = program
        self.sender = sender
        self.deadline = deadline
    }

    /// No shell, no address that looks like an option: what people wrote is never more than an argument.
    func send(_ message: [UInt8], to recipient: MailAddress) async -> Outcome {
        let arguments = [program, "-i", "-f", sender.text, "--", recipient.text]
        let outcome = try? await NIOThreadPool.singleton.runIfActive { [deadline] in
            Self.run(arguments, input: message, deadline: deadline)
        }
        return outcome ?? .notNow("no thread")
    }

    private static func run(_ arguments: [String], input: [UInt8], deadline: Duration) -> Outcome {
        guard let file = scratchFile(of: input) else { return .notNow("no scratch file: \(reason(errno))") }
        defer { close(file) }
        var process: pid_t = 0
        let failure = start(arguments, input: file, process: &process)
        guard failure == 0 else { return .notNow("\(arguments[0]): \(reason(failure))") }
        return wait(for: process, until: .now + deadline)
    }

    /// A file without a name, read from its beginning: a program that stops reading can't stop this one.
    private static func scratchFile(of bytes: [UInt8]) -> Int32? {
        var template = Array("/tmp/plateau-mail-XXXXXX".utf8CString)
        let file = mkstemp(&template)
        guard file >= 0 else { return nil }
        unlink(template)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            if count <= 0, errno != EINTR {
                close(file)
                return nil
            }
            written += max(0, count)
        }
        lseek(file, 0, SEEK_SET)
        return file
    }

    /// With the message as its standard input, nothing else open and a small environment: none of this program's secrets.
    /// - Returns: the system's reason when it could not be started.
    private static func start(_ arguments: [String], input: Int32, process: inout pid_t) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        // What this program ignores or blocks is no business of that one.
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        for descriptor in openDescriptors() where descriptor > 2 { posix_spawn_file_actions_addclose(&actions, descriptor) }
        let texts = arguments.map { strdup($0) } + [nil]
        let variables = [strdup("PATH=/usr/sbin:/usr/bin:/sbin:/bin"), strdup("LC_ALL=C"), nil]
        defer { (texts + variables).forEach { free($0) } }
        return posix_spawn(&process, arguments[0], &actions, &attributes, texts, variables)
    }

    /// What is open here: nothing of it is that program's business.
    private static func openDescriptors() -> [Int32] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []).compactMap { Int32($0) }
    }

    private static func wait(for process: pid_t, until deadline: ContinuousClock.Instant) -> Outcome {
        var status: Int32 = 0
        while true {
            let ended = waitpid(process, &status, WNOHANG)
            if ended == process { return outcome(of: status) }
            if ended < 0, errno != EINTR { return .notNow("lost: \(reason(errno))") }
            if ContinuousClock.now > deadline {
                kill(process, SIGKILL)
                while waitpid(process, &status, 0) < 0, errno == EINTR {}
                return .notNow("not done in time")
            }
            usleep(5_000)
        }
    }

    /// By the exit codes of `sysexits.h`.
    private static func outcome(of status: Int32) -> Outcome {
        guard status & 0x7F == 0 else { return .notNow("ended by signal \(status & 0x7F)") }
        let code = status >> 8 & 0xFF
        switch code {
        case 0: return .accepted
        // EX_DATAERR, EX_NOUSER, EX_NOHOST.
        case 65, 67, 68: return .refused("exit code \(code)")
        default: return .notNow("exit code \(code)")
        }
    }

    private static func reason(_ number: Int32) -> String { String(cString: strerror(number)) }
}
