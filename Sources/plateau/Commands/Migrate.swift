import ArgumentParser
import Postgres
import Schema
import ServiceLifecycle

/// Brings the schema forward.
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Apply pending migrations to the database of database.ownerUrl, or to the private one.")

    @OptionGroup var shared: SharedOptions
    @Flag(help: "Run the migrations and take everything back.") var dryRun = false

    func run() async throws {
        let configuration = try await shared.read()
        let logger = configuration.logger()
        let storage = try Storage(configuration, logger: logger)
        try await storage.whileServing { storage in
            try await storage.asOwner { session in
                let done = try await EmbeddedMigration.migrator(on: session, logger: logger).apply(dryRun: dryRun)
                for migration in done { Output.line("\(dryRun ? "would apply" : "applied") \(migration.fileName)") }
                if done.isEmpty { Output.line("nothing to apply") }
                // Does nothing unless the database was restored into another cluster.
                if !dryRun { try await session.execute(script: "call jobs.resume_numbering()") }
            }
        }
    }
}
