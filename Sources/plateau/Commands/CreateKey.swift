import Access
import ArgumentParser
import Composition
import HTTPEdge
import Kernel
import Postgres

/// Issues the first API key of an installation.
struct CreateKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create-key",
        abstract: "Issue a key of the network's own organisation, with which every other key can be made.")

    @OptionGroup var shared: SharedOptions
    @Option(help: "What the key is for; shown in lists.") var label = "first key"

    func run() async throws {
        let configuration = try await shared.read()
        let logger = configuration.logger()
        let storage = try Storage(configuration, logger: logger)
        let server = try Server(configuration: configuration, storage: storage, logger: logger)
        try await server.whileConnected { [label] in
            guard let issued = try await server.house.access.issueFirstKey(label: label) else {
                throw ValidationError("The network has no organisation yet: create it first.")
            }
            Output.line(issued.secret.text)
        }
    }
}
