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

/// The private database of one benchmark, with everything that is needed to fill and to serve it.
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
        try await withDatabase {
            let benchmark = Benchmark(settings: settings, surroundings: try surroundings(), logger: logger) { Output.line($0) }
            try finish(try await benchmark.run())
        }
    }

    /// Measures the client alone.
    func runClient(_ finish: @escaping @Sendable (ClientReport) throws -> Void) async throws {
        try await withDatabase {
            let benchmark = ClientBenchmark(
                settings: settings, surroundings: try surroundings(), locks: Self.locks, logger: logger
            ) { Output.line($0) }
            try finish(try await benchmark.run())
        }
    }

    /// What the service locks for an hour's booking of a platform, within one UTC day.
    private static func locks(of platform: ResourceID, from start: Instant) -> [PostgresLock] {
        let day = start.microsecondsSince1970 / 86_400_000_000 - 10_957
        return [RoomLocks.label(of: Int16(platform.centreNumber)), RoomLocks.room(platform, utcDay: day)]
    }

    private func withDatabase(_ measure: @escaping @Sendable () async throws -> Void) async throws {
        let task = OneShot {
            try await cancelWhenGracefulShutdown {
                try await postgres.waitUntilReady()
                try await migrate()
                try await measure()
            }
        }
        try await OneShot.run(task, beside: [postgres], logger: logger)
    }

    private func migrate() async throws {
        let session = try await PostgresSession.connect(postgres.connectionString(role: owner), logger: logger)
        try await EmbeddedMigration.migrator(on: session, logger: logger).apply()
        await session.close()
    }

    private func surroundings() throws -> BenchmarkSurroundings {
        guard let postmaster = postgres.processID else { throw BenchmarkFault("PostgreSQL does not run.") }
        var random = SystemRandomNumberGenerator()
        let root = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let key = APIKeySecret.make(random: &random)
        return BenchmarkSurroundings(
            connection: postgres.connectionString(role: "plateau_app"), ownerConnection: postgres.connectionString(role: owner),
            postmaster: postmaster, postgresBinaries: configuration.postgresBinaries,
            program: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
            rootSecret: root.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(), key: key.text,
            keyDigest: KeyPepper(secret: Secrets(root: root).pepper).digest(of: key), statements: House.statements, directory: directory)
    }
}
