import Access
import ArgumentParser
import Centres
import Composition
import HTTPEdge
import Kernel
import Postgres

/// Issues the first API key of an installation, and makes the network that it belongs to.
struct CreateKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create-key",
        abstract: "Issue a key of the network's own organisation, with which every other key can be made.",
        discussion: "In a new installation the network is made first: give --network and --enterprise-number.")

    @OptionGroup var shared: SharedOptions
    @Option(help: "What the key is for; shown in lists.") var label = "first key"
    @Option(help: "Name of the network, to make it when it is not there yet.") var network: String?
    @Option(help: "Enterprise number of the network, ten digits.") var enterpriseNumber: String?
    @Option(help: "Time zone of the network.") var zone = "Europe/Brussels"

    func run() async throws {
        let founding = try founding()
        let configuration = try await shared.read()
        let logger = configuration.logger()
        let storage = try Storage(configuration, logger: logger)
        let server = try Server(configuration: configuration, storage: storage, logger: logger)
        try await server.whileConnected { [label] in
            if let founding {
                _ = try await server.house.centres.establishNetwork(
                    name: founding.name, enterpriseNumber: founding.number, zone: founding.zone)
            }
            guard let issued = try await server.house.access.issueFirstKey(label: label) else {
                throw ValidationError("There is no network yet. Make it with the same command: --network NAME --enterprise-number DIGITS")
            }
            Output.line(issued.secret.text)
        }
    }

    private func founding() throws -> Founding? {
        guard let network else { return nil }
        guard !network.isEmpty else { throw ValidationError("--network: is empty; allowed: a name") }
        guard let enterpriseNumber, let number = EnterpriseNumber(enterpriseNumber) else {
            throw ValidationError(
                "--enterprise-number: '\(enterpriseNumber ?? "")' is not one; allowed: ten digits, of which the last two check the others")
        }
        guard let zone = Zone(zone) else {
            throw ValidationError("--zone: '\(zone)' is unknown; allowed: a name of the IANA database, such as Europe/Brussels")
        }
        return Founding(name: network, number: number, zone: zone)
    }
}

/// What a network is made with.
private struct Founding {
    let name: String
    let number: EnterpriseNumber
    let zone: Zone
}
