import Logging
import ServiceLifecycle
import UnixSignals

extension Storage {
    /// Runs `body` while the private server runs, where there is one.
    func whileServing(_ body: @escaping @Sendable (Storage) async throws -> Void) async throws {
        guard managed != nil else { return try await body(self) }
        let task = OneShot { [self] in
            try await waitUntilReady()
            try await body(self)
        }
        try await OneShot.run(task, beside: services, logger: logger)
    }
}

/// A service that does one thing and ends.
struct OneShot: Service {
    let body: @Sendable () async throws -> Void

    init(_ body: @escaping @Sendable () async throws -> Void) {
        self.body = body
    }

    func run() async throws {
        try await body()
    }

    /// Runs a task with the services that it needs, and stops these when it has ended.
    static func run(_ task: OneShot, beside services: [any Service], logger: Logger) async throws {
        let standing = services.map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) }
        let ending = ServiceGroupConfiguration.ServiceConfiguration(
            service: task, successTerminationBehavior: .gracefullyShutdownGroup)
        let configuration = ServiceGroupConfiguration(
            services: standing + [ending], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        try await ServiceGroup(configuration: configuration).run()
    }
}
