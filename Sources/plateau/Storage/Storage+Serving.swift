import ServiceLifecycle

extension Storage {
    /// Runs `body` while the private server runs, where there is one.
    func whileServing(_ body: @escaping @Sendable (Storage) async throws -> Void) async throws {
        guard managed != nil else { return try await body(self) }
        let task = OneShot { [self] in
            try await waitUntilReady()
            try await body(self)
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) } + [
                    ServiceGroupConfiguration.ServiceConfiguration(service: task, successTerminationBehavior: .gracefullyShutdownGroup)
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
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
}
