import Composition
import FoundationEssentials
import Kernel
import Logging
import ManagedPostgres
import Postgres
import Schema
import ServiceLifecycle

/// Where the data is: a PostgreSQL given by the configuration, or one of our own.
struct Storage: Sendable {
    /// Nil when the configuration names a database.
    let managed: ManagedPostgres?
    /// For the role that serves.
    let serving: String
    /// For the owner: migrations and loading.
    let owner: String
    let secrets: Secrets
    let logger: Logger

    /// - Throws: `ManagedPostgresError`, which names what is missing; ``RootSecretFault``.
    init(_ configuration: ServerConfiguration, logger: Logger) throws {
        self.logger = logger
        if let url = configuration.databaseURL {
            managed = nil
            serving = url
            owner = configuration.ownerURL ?? url
            secrets = Secrets(root: try RootSecret.bytes(hexadecimal: configuration.rootSecret ?? ""))
            return
        }
        var settings = ManagedPostgres.Configuration(
            stateDirectory: configuration.stateDirectory, binaries: configuration.postgresBinaries)
        settings.roles = ["plateau_app", "plateau_readonly"]
        let managed = try ManagedPostgres(configuration: settings, logger: logger)
        self.managed = managed
        serving = managed.connectionString(role: "plateau_app")
        owner = managed.connectionString(role: settings.owner)
        if let given = configuration.rootSecret {
            secrets = Secrets(root: try RootSecret.bytes(hexadecimal: given))
        } else {
            secrets = Secrets(root: try RootSecret.kept(in: managed.stateDirectory))
        }
    }

    /// The private server, where there is one.
    var services: [any Service] { managed.map { [$0] } ?? [] }

    func waitUntilReady() async throws {
        try await managed?.waitUntilReady()
    }

    /// Runs `body` with a connection of the owner.
    func asOwner<T: Sendable>(database: String? = nil, _ body: (PostgresSession) async throws -> T) async throws -> T {
        let connection = database.flatMap { managed?.connectionString(role: "plateau_owner", database: $0) } ?? owner
        let session = try await PostgresSession.connect(connection, logger: logger)
        do {
            let value = try await body(session)
            await session.close()
            return value
        } catch {
            await session.close()
            throw error
        }
    }
}
