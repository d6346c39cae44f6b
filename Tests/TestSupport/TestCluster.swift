import FoundationEssentials
import Logging
import ManagedPostgres
import Postgres
import Schema
import Synchronization

/// One real PostgreSQL for all tests of the process, and a migrated database to clone for each.
///
/// It is the very server that the service runs by itself; it ends with the process. `PLATEAU_TEST_STATE_DIRECTORY` names a directory that
/// `plateau migrate` made, for the tests of this process alone; else it is made here, in `PLATEAU_TEST_DIRECTORY`, or `/tmp`. Memory does
/// for that (`/dev/shm`): a database is a thousand files, which a disk is slow to make and to remove.
package actor TestCluster {
    package static let shared = TestCluster()

    private struct Running {
        let server: ManagedPostgres
        let task: Task<Void, any Error>
    }

    private var starting: Task<Running, any Error>?
    private let clones = Atomic(0)
    private var ready: [Task<String, any Error>] = []
    private var leaving: [Task<Void, any Error>] = []
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private static let directory = ProcessInfo.processInfo.environment["PLATEAU_TEST_DIRECTORY"] ?? "/tmp"

    /// Copying files waits for a checkpoint, which costs nothing in memory.
    private static let copying = directory.hasPrefix("/dev/shm") ? "file_copy" : "wal_log"

    /// A connection string for a role and database.
    package func connectionString(role: String, database: String) async throws -> String {
        try await running().server.connectionString(role: role, database: database)
    }

    /// A fresh database with the whole schema; the next one is made while the test runs.
    package func clone() async throws -> String {
        let fresh = ready.isEmpty ? creation() : ready.removeFirst()
        ready.append(creation())
        let name = try await fresh.value
        try await removeGuards(from: name)
        return name
    }

    private func removeGuards(from database: String) async throws {
        let removals = try GuardRemoval.ofRunningTest()
        if removals.isEmpty { return }
        let session = try await PostgresSession.connect(
            connectionString(role: "plateau_owner", database: database), logger: logger)
        do {
            for removal in removals {
                try await session.execute(script: removal.script)
                print("Guards removed: \(removal.red)")
            }
            await session.close()
        } catch {
            await session.close()
            throw error
        }
    }

    /// Lets go of a database.
    ///
    /// Each removal waits for a checkpoint: the test does not.
    package func drop(_ name: String) async throws {
        leaving.append(Task { try await self.remove(name) })
        if leaving.count > 4 { try await leaving.removeFirst().value }
    }

    private func creation() -> Task<String, any Error> {
        Task { try await self.create() }
    }

    private func create() async throws -> String {
        let server = try await running().server
        let name = "test_\(clones.add(1, ordering: .relaxed).newValue)"
        try await onMaintenance(of: server) { session in
            try await session.execute(script: "create database \(name) template plateau_template strategy \(Self.copying)")
        }
        return name
    }

    private func remove(_ name: String) async throws {
        try await onMaintenance(of: try await running().server) { session in
            try await session.execute(script: "drop database if exists \(name) with (force)")
        }
    }

    private func running() async throws -> Running {
        if let starting { return try await starting.value }
        let task = Task { try await self.start() }
        starting = task
        return try await task.value
    }

    private func start() async throws -> Running {
        let prepared = ProcessInfo.processInfo.environment["PLATEAU_TEST_STATE_DIRECTORY"]
        let directory = prepared ?? "\(Self.directory)/plateau-test-\(ProcessInfo.processInfo.processIdentifier)"
        Self.removeLeftovers()
        try Self.scaleDown(in: directory)
        var configuration = ManagedPostgres.Configuration(stateDirectory: directory)
        configuration.roles = ["plateau_app", "plateau_readonly"]
        configuration.maximumConnections = 400
        let server = try ManagedPostgres(configuration: configuration, logger: logger)
        let task = Task { try await server.run() }
        try await server.waitUntilReady()
        try await onMaintenance(of: server) { session in
            try await session.execute(
                script: prepared == nil ? "create database plateau_template" : "alter database plateau rename to plateau_template")
        }
        let template = try await PostgresSession.connect(
            server.connectionString(role: "plateau_owner", database: "plateau_template"), logger: logger)
        try await EmbeddedMigration.migrator(on: template, logger: logger).apply()
        await template.close()
        return Running(server: server, task: task)
    }

    private func onMaintenance(of server: ManagedPostgres, _ body: (PostgresSession) async throws -> Void) async throws {
        let session = try await PostgresSession.connect(
            server.connectionString(role: "plateau_owner", database: "postgres"), logger: logger)
        do {
            try await body(session)
            await session.close()
        } catch {
            await session.close()
            throw error
        }
    }

    /// As small as what the tests write: each of the many connections maps the buffers, each database that goes is looked for in them, and
    /// where the files lie in memory, so does the write-ahead log.
    private static func scaleDown(in directory: String) throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let settings = "shared_buffers = 128MB\nmax_wal_size = 512MB\n"
        try Data(settings.utf8).write(to: URL(filePath: "\(directory)/postgresql.local.conf"))
    }

    /// Directories of test processes that are gone.
    private static func removeLeftovers() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        for name in names where name.hasPrefix("plateau-test-") {
            guard let process = Int(name.dropFirst("plateau-test-".count)) else { continue }
            if !FileManager.default.fileExists(atPath: "/proc/\(process)") {
                try? FileManager.default.removeItem(atPath: "\(directory)/\(name)")
            }
        }
    }
}
