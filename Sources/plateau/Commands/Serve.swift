import ArgumentParser
import Postgres
import Schema

/// Serves the API until it is told to stop.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the API, with a private PostgreSQL unless database.url is set.",
        discussion: "A private database is migrated at start; a given one has to be migrated beforehand (plateau migrate).")

    @OptionGroup var shared: SharedOptions
    @Option(help: "Address to listen on.") var host: String?
    @Option(help: "Port to listen on; 0 takes any free one.") var port: String?

    func run() async throws {
        let configuration = try await shared.read([.host: host, .port: port])
        let logger = configuration.logger()
        let storage = try Storage(configuration, logger: logger)
        let server = try Server(
            configuration: configuration, storage: storage, certificates: try configuration.certificates(), logger: logger)
        try await server.run { storage in
            try await storage.asOwner { session in
                let migrator = EmbeddedMigration.migrator(on: session, logger: logger)
                if storage.managed == nil { try await migrator.verify() } else { try await migrator.apply() }
            }
        }
    }
}
