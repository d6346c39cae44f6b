import ArgumentParser
import Demo
import FoundationEssentials
import Kernel
import Postgres
import Schema

/// What config/start runs: the private database, the demo network, the API.
struct Start: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the demo network: a private PostgreSQL, loaded at the first start.",
        discussion:
            "The network's centres are real; its organisations, bookings and label decisions after 2024 are fictional and marked so.")

    @OptionGroup var shared: SharedOptions
    @Option(help: "Port to listen on; 0 takes any free one.") var port: String?
    @Flag(help: "Throw the demo data away and load it anew.") var fresh = false
    @Option(help: "The day that the demo data takes for today, yyyy-MM-dd; this week's Monday unless given.") var today: String?
    @Option(help: "Decides the demo data together with the day.") var seed: UInt64 = 20_201_112
    @Option(help: "Where the address and the keys are written.") var output = ".plateau/demo.json"

    func run() async throws {
        let configuration = try await shared.read([.port: port])
        guard configuration.databaseURL == nil else {
            throw ValidationError("start runs a database of its own: database.url must not be set. Use serve with your own database.")
        }
        let day = try demoDay()
        let logger = configuration.logger()
        let storage = try Storage(configuration, logger: logger)
        let server = try Server(
            configuration: configuration, storage: storage, certificates: try configuration.certificates(), logger: logger)
        let demo = DemoDatabase(
            storage: storage, network: DemoNetwork(seed: seed, today: day), house: server.house, output: output, isFresh: fresh,
            logger: logger)
        try await server.run { _ in
            try await demo.prepare()
        } onServing: { port in
            await demo.announce(
                at: DemoAddress(host: configuration.host, port: port, isSecure: configuration.certificate != nil))
        }
    }

    private func demoDay() throws -> LocalDay {
        guard let today else {
            let now = SystemWallClock().now()
            return DemoNetwork.monday(of: LocalDay(daysSince1970: Int32(now.microsecondsSince1970 / 86_400_000_000)))
        }
        guard let day = LocalDay(today) else { throw ValidationError("--today: '\(today)' is not a day; allowed: yyyy-MM-dd") }
        return day
    }
}
