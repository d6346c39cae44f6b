import Foundation
import Glibc
import Logging
import ServiceLifecycle

@testable import ManagedPostgres

/// Ways for a test to have a server and to talk to it.
enum RunningServer {
    static var quiet: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }

    /// Runs the service, waits until it is ready, hands it to `body` and shuts it down.
    static func with<T: Sendable>(
        _ configuration: ManagedPostgres.Configuration, _ body: @escaping @Sendable (ManagedPostgres) async throws -> T
    ) async throws -> T {
        let server = try ManagedPostgres(configuration: configuration, logger: quiet)
        let services = ServiceGroup(services: [server], logger: quiet)
        return try await withThrowingTaskGroup(of: T?.self) { group in
            group.addTask {
                try await services.run()
                return nil
            }
            group.addTask {
                do {
                    try await server.waitUntilReady()
                    let result = try await body(server)
                    await services.triggerGracefulShutdown()
                    return result
                } catch {
                    await services.triggerGracefulShutdown()
                    throw error
                }
            }
            var result: T?
            for try await value in group { result = value ?? result }
            guard let result else { throw CancellationError() }
            return result
        }
    }

    /// The text that `psql` prints for one statement, as the owner of the database.
    static func query(_ server: ManagedPostgres, _ statement: String, role: String = "plateau_owner") async throws -> String {
        let run = try await CommandRun.run(
            Command(
                program: "/usr/bin/psql",
                arguments: ["-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", server.connectionString(role: role), "-c", statement],
                environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"], account: nil))
        guard run.succeeded else { throw QueryFailed(output: run.output) }
        return run.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Asks again until an answer comes, for at most `limit`.
    static func queryEventually(_ server: ManagedPostgres, _ statement: String, limit: Duration = .seconds(20)) async throws -> String {
        let deadline = ContinuousClock.now + limit
        while true {
            do {
                return try await query(server, statement)
            } catch {
                guard ContinuousClock.now < deadline else { throw error }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    struct QueryFailed: Error {
        let output: String
    }
}
