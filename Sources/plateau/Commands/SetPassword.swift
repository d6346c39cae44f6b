import Access
import ArgumentParser
import Composition
#if canImport(Glibc)
    import Glibc
#endif

/// Gives a registered person a password.
struct SetPassword: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-password",
        abstract: "Give a registered person a password, read from standard input; they are signed out everywhere.",
        discussion: "Passwords are for services without an identity provider (openid.issuer): with one they open nothing.")

    @OptionGroup var shared: SharedOptions
    @Option(help: "E-mail address.") var email: String

    func run() async throws {
        guard let address = SignInAddress(email) else { throw PersonOptions.notAnAddress(email) }
        let configuration = try await shared.read()
        let password = try Self.password(of: address)
        let logger = configuration.logger()
        let storage = try Storage(configuration, logger: logger)
        let server = try Server(configuration: configuration, storage: storage, logger: logger)
        try await server.whileConnected {
            let wasThere = try await server.house.access.people.setPassword(password, of: address)
            guard wasThere else { throw PersonOptions.nobody(address) }
            Output.line("\(address) has a new password.")
        }
    }

    /// One line; not shown where it is typed.
    private static func password(of address: SignInAddress) throws -> String {
        let isTyped = isatty(STDIN_FILENO) == 1
        if isTyped { Output.line("Password of \(address), not shown:") }
        let line = isTyped ? withoutEcho { readLine() } : readLine()
        guard let password = line, People.allows(password, of: address) else {
            let length = People.passwordLength
            throw ValidationError(
                """
                The password cannot be used; allowed: \(length.lowerBound) to \(length.upperBound) characters, \
                \(People.fewestCharacters) different ones at least, and not the address itself
                """)
        }
        return password
    }

    private static func withoutEcho(_ body: () -> String?) -> String? {
        var before = termios()
        tcgetattr(STDIN_FILENO, &before)
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSANOW, &silent)
        defer { tcsetattr(STDIN_FILENO, TCSANOW, &before) }
        return body()
    }
}
