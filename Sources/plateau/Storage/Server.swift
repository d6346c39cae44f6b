import Access
import Composition
import Delivery
import HTTPEdge
import Hummingbird
import Kernel
import Logging
import Maintenance
import Postgres
import ServiceLifecycle
import UnixSignals

/// Everything that runs while the service serves, in the order in which it starts; it stops in the opposite one.
struct Server: Sendable {
    let storage: Storage
    let house: House
    let configuration: ServerConfiguration
    let logger: Logger
    let database: PreparedDatabase
    let observation: Observation
    /// Nil without TLS.
    let certificates: CertificateHolder?

    init(
        configuration: ServerConfiguration, storage: Storage, certificates: CertificateHolder? = nil, logger: Logger
    ) throws {
        self.configuration = configuration
        self.storage = storage
        self.logger = logger
        self.certificates = certificates
        observation = Observation(configuration, logger: logger)
        var pool = PostgresPool.Configuration(connectionString: storage.serving)
        pool.applicationName = "plateau"
        pool.pipelinedConnections = configuration.readConnections
        pool.reliefConnections = configuration.readConnections
        // A database that is back is used again well within two seconds.
        pool.longestBackoff = .milliseconds(500)
        pool.groupConnections = configuration.writeConnections
        pool.exclusiveConnections = configuration.transactionConnections
        pool.tracer = observation.tracer
        pool.preparedStatements = configuration.preparedStatements == "unnamed" ? .unnamed : .named
        let clock = SystemWallClock()
        let connections = try PostgresPool(configuration: pool, logger: logger)
        database = PreparedDatabase(connections)
        house = try House(
            database: connections, secrets: storage.secrets, clock: clock,
            identifiers: IdentifierSource(clock: clock), documentation: configuration.documentationAssets,
            expiryWarningDays: configuration.expiryWarningDays, economicLimitPercent: configuration.economicLimitPercent,
            away: AwaySettings(
                reminderHours: configuration.custodyReminderHours, kilometresPerHour: configuration.travelKilometresPerHour),
            destinations: DestinationRules(allowsPrivate: configuration.webhookAddresses == "any"),
            site: configuration.publicURL, mail: configuration.mail,
            securePages: configuration.hasSecurePages, provider: try configuration.provider(),
            logger: logger)
    }

    /// - Parameters:
    ///   - prepare: what has to be done with the database before anybody is served.
    ///   - onServing: called with the port once connections are accepted.
    func run(
        prepare: @escaping @Sendable (Storage) async throws -> Void, onServing: @escaping @Sendable (Int) async -> Void = { _ in }
    ) async throws {
        let front = Front(server: self, prepare: prepare, onServing: onServing)
        let drain = DrainDelay(readiness: house.readiness, delay: .seconds(configuration.drainSeconds))
        var group = ServiceGroupConfiguration(
            services: [LogWriter()] + storage.services + observation.services(of: house.database)
                + [database, Hangup(reloading: reloading), front, drain, StoppingNotice()],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        group.maximumGracefulShutdownDuration = .seconds(configuration.drainSeconds + 25)
        group.maximumCancellationDuration = .seconds(5)
        try await ServiceGroup(configuration: group).run()
    }
}

extension Server {
    private var reloading: CertificateReloading? {
        certificates.map { CertificateReloading(certificates: $0, logger: logger) }
    }

    /// The slices' loops, and ours.
    var background: [any Service] {
        house.background + (reloading.map { [$0] } ?? [])
    }

    /// The router, with the limits and the proxies that the configuration names.
    func edge() -> Edge {
        house.edge { settings in
            settings.limits = configuration.limits
            settings.bodyLimitBytes = configuration.bodyBytes
            settings.forwarding = configuration.forwarding
            settings.tracer = observation.tracer
        }
    }

    /// Runs `body` with the database connected and nobody served.
    func whileConnected(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let task = OneShot { [storage, house, database] in
            try await storage.waitUntilReady()
            database.open()
            try await house.database.waitUntilReady()
            try await body()
        }
        try await OneShot.run(task, beside: storage.services + [database], logger: logger)
    }
}

/// The HTTP application and the slices' loops, once the database is ready.
struct Front: Service {
    let server: Server
    let prepare: @Sendable (Storage) async throws -> Void
    let onServing: @Sendable (Int) async -> Void

    func run() async throws {
        try await server.storage.waitUntilReady()
        try await prepare(server.storage)
        server.database.open()
        try await server.house.database.waitUntilReady()
        let readiness = server.house.readiness
        let listener = server.configuration.listener(server.certificates)
        let application = server.edge().application(listener: listener, logger: server.logger) { [onServing] port in
            readiness.becomeReady()
            ServiceNotice.fromEnvironment?.send("READY=1")
            await onServing(port ?? 0)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for service in server.background { group.addTask { try await service.run() } }
            group.addTask { try await application.run() }
            try await group.waitForAll()
        }
    }
}
