import Access
import ArgumentParser
import Composition

/// Takes away that somebody may sign in.
struct RemovePerson: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove-person",
        abstract: "Sign somebody out and let them in no more; their address, account and password are erased.",
        discussion: "The keys that they made, and those made by these, are revoked too: whoever makes a key has seen it. Each is named.")

    @OptionGroup var shared: SharedOptions
    @Option(help: "E-mail address.") var email: String

    func run() async throws {
        guard let address = SignInAddress(email) else { throw PersonOptions.notAnAddress(email) }
        let configuration = try await shared.read()
        let logger = configuration.logger()
        let storage = try Storage(configuration, logger: logger)
        let server = try Server(configuration: configuration, storage: storage, logger: logger)
        try await server.whileConnected {
            let removed = try await server.house.access.people.remove(address)
            guard let labels = removed else { throw PersonOptions.nobody(address) }
            Output.line("\(address) may sign in no more.")
            for label in labels { Output.line("Revoked with them, since they made it: the key '\(label)'.") }
        }
    }
}
