import CoreMetrics
import Logging
import Postgres
import ServiceLifecycle
import Telemetry

/// What those who watch the service are told: figures, and spans.
struct Observation: Sendable {
    /// Nil records no span.
    let tracer: SpanTracer?
    private let registry: MetricsRegistry?
    private let configuration: ServerConfiguration
    private let logger: Logger

    /// Before anything else is built: who counts something asks for its counter once.
    init(_ configuration: ServerConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        registry = configuration.metricsPort.map { _ in MetricsRegistry() }
        if let registry { MetricsSystem.bootstrap(registry) }
        tracer = configuration.tracingEndpoint.map { _ in SpanTracer(percentKept: configuration.tracingPercent) }
    }

    func services(of database: PostgresPool) -> [any Service] {
        var services: [any Service] = []
        if let registry, let port = configuration.metricsPort {
            let process = ProcessMetrics()
            let build = MetricSample("plateau_build_info", .gauge, "The program that runs.", labels: [("version", Version.current)], 1)
            services.append(
                MetricsListener(
                    registry: registry, host: configuration.metricsHost, port: port,
                    others: { process.samples + database.statistics.samples + [build] }, logger: logger))
        }
        if let tracer, let endpoint = configuration.tracingEndpoint {
            services.append(SpanExport(tracer: tracer, endpoint: endpoint, version: Version.current, logger: logger))
        }
        return services
    }
}

extension PostgresStatistics {
    /// The pool's figures, as Prometheus takes them.
    var samples: [MetricSample] {
        let now: [(String, String, Int)] = [
            ("postgres_connections_ready", "Shared connections that can take requests.", connectionsReady),
            ("postgres_requests_in_flight", "Requests that the database has.", requestsInFlight),
            ("postgres_reads_waiting", "Reads that wait for a connection.", readsWaiting),
            ("postgres_writes_waiting", "Writes that wait for a connection.", writesWaiting),
            ("postgres_leases_out", "Connections lent to transactions.", leasesOut),
            ("postgres_leases_waiting", "Transactions that wait for a connection.", leasesWaiting),
            ("postgres_largest_group", "Most writes that ever shared a commit.", largestGroup),
        ]
        let ever: [(String, String, Int)] = [
            ("postgres_requests_done_total", "Requests that were answered.", requestsDone),
            ("postgres_groups_done_total", "Groups of writes that were committed.", groupsDone),
            ("postgres_grouped_writes_total", "Writes that shared a commit.", writesInGroups),
            ("postgres_redone_writes_total", "Writes done again alone.", writesRedone),
            ("postgres_connections_lost_total", "Connections that broke.", connectionsLost),
            ("postgres_connections_refused_total", "Connections that could not be made.", connectionsRefused),
            ("postgres_timeouts_total", "Requests that ran out of time.", timeouts),
        ]
        return now.map { MetricSample($0.0, .gauge, $0.1, Double($0.2)) } + ever.map { MetricSample($0.0, .counter, $0.1, Double($0.2)) }
    }
}
