import HTTPTypes
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// Answers `GET /metrics` on a port of its own, which stays inside the machine or the network of whoever watches.
package struct MetricsListener: Service {
    private let registry: MetricsRegistry
    private let host: String
    private let port: Int
    private let others: @Sendable () -> [MetricSample]
    private let logger: Logger
    private let onRunning: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - others: values that are read at each answer.
    ///   - onRunning: called with the port once it listens.
    package init(
        registry: MetricsRegistry, host: String, port: Int, others: @escaping @Sendable () -> [MetricSample], logger: Logger,
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.registry = registry
        self.host = host
        self.port = port
        self.others = others
        self.logger = logger
        self.onRunning = onRunning
    }

    package func run() async throws {
        let router = Router()
        router.get("/metrics") { [registry, others] _, _ in
            Response(
                status: .ok, headers: [.contentType: PrometheusText.mediaType, .cacheControl: "no-store"],
                body: .init(byteBuffer: ByteBuffer(string: registry.text(with: others()))))
        }
        let application = Application(
            router: router, server: .http1(configuration: .init(idleTimeout: .seconds(120))),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: "plateau",
                availableConnectionsDelegate: MaximumAvailableConnections(64, logger: logger)),
            onServerRunning: { [onRunning] channel in await onRunning(channel.localAddress?.port ?? 0) }, logger: logger)
        try await application.run()
    }
}
