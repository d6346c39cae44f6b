package import Logging
import ServiceLifecycle

/// A private PostgreSQL server that runs as a direct child of this process for as long as the service runs.
///
/// The first start makes the data directory and the database. The server listens on a Unix socket that only root and its own account
/// can reach. It survives `kill -9` of either process: a killed server is started again, and a server whose parent was killed shuts
/// itself down, so that the next start finds clean data. Nothing acknowledged is lost (`fsync` and data checksums are on).
package final class ManagedPostgres: Service {
    private let configuration: Configuration
    private let layout: StateLayout
    private let surroundings: Surroundings
    private let logger: Logger
    private let state = ServerState()

    /// Resolves where everything lies; touches no file.
    ///
    /// - Throws: ``ManagedPostgresError`` when no account can run the server or a path can't be used.
    package convenience init(configuration: Configuration, logger: Logger) throws(ManagedPostgresError) {
        try self.init(configuration: configuration, in: .current, logger: logger)
    }

    init(configuration: Configuration, in surroundings: Surroundings, logger: Logger) throws(ManagedPostgresError) {
        self.configuration = configuration
        self.surroundings = surroundings
        self.logger = logger
        layout = try StateLayout(configuration, in: surroundings)
    }

    /// The directory that holds data, log and settings.
    package var stateDirectory: String { layout.state }

    /// True while connections are accepted.
    package var isReady: Bool {
        if case .ready = state.phase { true } else { false }
    }

    /// The process number of the running server, or nil.
    package var processID: Int32? { state.processID }

    /// What libpq needs to connect as `role`, which has to be the owner or one of ``Configuration/roles``.
    package func connectionString(role: String, database: String? = nil) -> String {
        let values = [
            ("host", layout.socketDirectory), ("port", "5432"), ("user", role), ("dbname", database ?? configuration.database),
        ]
        return values.map { "\($0)='\(Self.escaped($1))'" }.joined(separator: " ")
    }

    /// Returns when connections are accepted.
    ///
    /// - Throws: the error that ended ``run()``; ``ManagedPostgresError`` with code `notReady` and the end of the server's log after
    ///   ``Configuration/startTimeout``; `CancellationError`.
    package func waitUntilReady() async throws {
        let deadline = ContinuousClock.now + configuration.startTimeout
        while true {
            switch state.phase {
            case .ready: return
            case .over(let error): throw error ?? ManagedPostgresError(.notReady, "PostgreSQL has been stopped.")
            case .idle, .starting: break
            }
            guard ContinuousClock.now < deadline else {
                throw ManagedPostgresError(
                    .notReady,
                    "PostgreSQL was not ready within \(configuration.startTimeout). Its log ends:\n\(LogTail(layout: layout).text)")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Prepares and runs the server until graceful shutdown or cancellation, either of which shuts it down first.
    package func run() async throws {
        do {
            try await withTaskCancellationOrGracefulShutdownHandler {
                try await prepareAndSupervise()
            } onCancelOrGracefulShutdown: { [state, configuration] in
                state.stop(grace: configuration.stopGrace)
            }
            state.phase = .over(nil)
        } catch {
            state.phase = .over(error as? ManagedPostgresError)
            if !state.isStopping { throw error }
        }
    }

    private func prepareAndSupervise() async throws {
        state.phase = .starting
        let directory = StateDirectory(layout: layout)
        try directory.make()
        let lock = try StateLock(layout.lock)
        let server = try await ServerPreparation(
            configuration: configuration, directory: directory, surroundings: surroundings, logger: logger
        ).run()
        try await ServerSupervision(
            server: server, orphan: OrphanedServer(layout: layout), log: LogTail(layout: layout), configuration: configuration,
            state: state, logger: logger
        ).run()
        // The lock outlives the server, whatever the optimiser thinks of its last use.
        withExtendedLifetime(lock) {}
    }

    private static func escaped(_ value: String) -> String {
        value.reduce(into: "") { result, character in
            if character == "'" || character == "\\" { result.append("\\") }
            result.append(character)
        }
    }
}
