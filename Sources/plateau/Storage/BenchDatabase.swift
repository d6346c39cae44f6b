import Access
import Benchmarks
import Bookings
import Composition
import FoundationEssentials
import Kernel
import Logging
import ManagedPostgres
import Postgres
import Schema
import ServiceLifecycle

/// The private databases of one benchmark, with everything that is needed to fill and to serve them.
struct BenchDatabase: Sendable {
    private let settings: BenchmarkSettings
    private let configuration: ServerConfiguration
    private let directory: String
    private let postgres: ManagedPostgres
    private let owner: String
    private let logger: Logger

    init(settings: BenchmarkSettings, configuration: ServerConfiguration, directory: String) throws {
        self.settings = settings
        self.configuration = configuration
        self.directory = directory
        var logger = configuration.logger()
        // Its table is what this command has to say.
        logger.logLevel = max(logger.logLevel, .warning)
        self.logger = logger
        let managed = ManagedPostgres.Configuration(stateDirectory: "\(directory)/postgres", binaries: configuration.postgresBinaries)
        owner = managed.owner
        postgres = try ManagedPostgres(configuration: managed, logger: logger)
    }

    func run(_ finish: @escaping @Sendable (BenchmarkReport) throws -> Void) async throws {
        try await withDatabases { places in
            let benchmark = Benchmark(settings: settings, surroundings: places, logger: logger) { Output.line($0) }
            try finish(try await benchmark.run())
        }
    }

    /// Measures the client alone.
    func runClient(_ finish: @escaping @Sendable (ClientReport) throws -> Void) async throws {
        try await withDatabases { places in
            guard let place = places.first else { return }
            let benchmark = ClientBenchmark(
                settings: settings, surroundings: place, locks: Self.locks, logger: logger
            ) { Output.line($0) }
            try finish(try await benchmark.run())
        }
    }

    /// What the service locks for an hour's booking of a platform, within one UTC day.
    private static func locks(of platform: ResourceID, from start: Instant) -> [PostgresLock] {
        let day = start.microsecondsSince1970 / 86_400_000_000 - 10_957
        return [RoomLocks.label(of: Int16(platform.centreNumber)), RoomLocks.room(platform, utcDay: day)]
    }

    /// One for each number of bookings.
    private func withDatabases(_ measure: @escaping @Sendable ([BenchmarkSurroundings]) async throws -> Void) async throws {
        let task = OneShot {
            try await cancelWhenGracefulShutdown {
                try await postgres.waitUntilReady()
                var places: [BenchmarkSurroundings] = []
                for bookings in settings.bookings {
                    let name = "bench_\(bookings)"
                    try await make(name)
                    places.append(try surroundings(name, bookings: bookings))
                }
                try await measure(places)
            }
        }
        try await OneShot.run(task, beside: [postgres], logger: logger)
    }

    private func make(_ database: String) async throws {
        let first = try await PostgresSession.connect(postgres.connectionString(role: owner), logger: logger)
        try await first.execute(script: "create database \(database)")
        await first.close()
        let session = try await PostgresSession.connect(postgres.connectionString(role: owner, database: database), logger: logger)
        try await EmbeddedMigration.migrator(on: session, logger: logger).apply()
        await session.close()
    }

    private func surroundings(_ database: String, bookings: Int) throws -> BenchmarkSurroundings {
        guard let postmaster = postgres.processID else { throw BenchmarkFault("PostgreSQL does not run.") }
        var random = SystemRandomNumberGenerator()
        let root = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let key = APIKeySecret.make(random: &random)
        let place = "\(directory)/\(database)"
        try FileManager.default.createDirectory(
            atPath: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        return BenchmarkSurroundings(
            bookings: bookings, works: settings.works, connection: postgres.connectionString(role: "plateau_app", database: database),
            ownerConnection: postgres.connectionString(role: owner, database: database), postmaster: postmaster,
            postgresBinaries: configuration.postgresBinaries,
            program: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
            rootSecret: root.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(), key: key.text,
            keyDigest: KeyPepper(secret: Secrets(root: root).pepper).digest(of: key), statements: House.statements, directory: place)
    }
}
