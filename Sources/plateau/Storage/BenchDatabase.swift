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

    /// One for each number of bookings, to be made.
    private func withDatabases(_ measure: @escaping @Sendable ([BenchmarkSurroundings]) async throws -> Void) async throws {
        let task = OneShot {
            try await cancelWhenGracefulShutdown {
                try await postgres.waitUntilReady()
                let (root, credentials) = Self.credentials()
                var places: [BenchmarkSurroundings] = []
                for (index, bookings) in settings.bookings.enumerated() {
                    let former = index > 0 ? Self.name(settings.bookings[index - 1]) : nil
                    places.append(try surroundings(bookings, after: former, root, credentials))
                }
                try await measure(places)
            }
        }
        try await OneShot.run(task, beside: [postgres], logger: logger)
    }

    private static func name(_ bookings: Int) -> String { "bench_\(bookings)" }

    /// A migrated database, or a copy of one.
    private func make(_ database: String, after former: String?) async throws {
        let first = try await PostgresSession.connect(postgres.connectionString(role: owner), logger: logger)
        try await first.execute(script: "create database \(database)\(former.map { " template \($0) strategy file_copy" } ?? "")")
        await first.close()
        guard former == nil else { return }
        let session = try await PostgresSession.connect(postgres.connectionString(role: owner, database: database), logger: logger)
        try await EmbeddedMigration.migrator(on: session, logger: logger).apply()
        await session.close()
    }

    /// The same for all databases: what a copy holds is good for it too.
    private static func credentials() -> (root: [UInt8], BenchmarkCredentials) {
        var random = SystemRandomNumberGenerator()
        let root = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let pepper = KeyPepper(secret: Secrets(root: root).pepper)
        let key = APIKeySecret.make(random: &random)
        let session = SessionToken.make(random: &random)
        return (
            root,
            BenchmarkCredentials(
                key: key.text, keyDigest: pepper.digest(of: key), session: session.text, sessionDigest: pepper.digest(of: session))
        )
    }

    private func surroundings(
        _ bookings: Int, after former: String?, _ root: [UInt8], _ credentials: BenchmarkCredentials
    ) throws -> BenchmarkSurroundings {
        guard let postmaster = postgres.processID else { throw BenchmarkFault("PostgreSQL does not run.") }
        let database = Self.name(bookings)
        let place = "\(directory)/\(database)"
        try FileManager.default.createDirectory(
            atPath: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        return BenchmarkSurroundings(
            bookings: bookings, works: settings.works, connection: postgres.connectionString(role: "plateau_app", database: database),
            ownerConnection: postgres.connectionString(role: owner, database: database), postmaster: postmaster,
            postgresBinaries: configuration.postgresBinaries,
            program: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
            rootSecret: root.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(), credentials: credentials,
            statements: House.statements, directory: place
        ) { try await make(database, after: former) }
    }
}
