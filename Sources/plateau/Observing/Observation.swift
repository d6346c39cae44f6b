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
    /// What the pool does not tell the metrics back end by itself, as Prometheus takes it.
    var samples: [MetricSample] {
        let now: [(String, String, Int)] = [
            ("postgres_leases_out", "Connections lent to transactions.", leasesOut),
            ("postgres_largest_group", "Most writes that ever shared a commit.", largestGroup),
        ]
        let ever: [(String, String, Int)] = [
            ("postgres_requests_done_total", "Requests that were answered.", requestsDone),
            ("postgres_groups_done_total", "Groups of writes that were committed.", groupsDone),
            ("postgres_grouped_writes_total", "Writes that shared a commit.", writesInGroups),
            ("postgres_redone_writes_total", "Writes done again alone.", writesRedone),
            ("postgres_read_syncs_done_total", "Syncs of reads that were answered.", readSyncsDone),
            ("postgres_redone_reads_total", "Reads asked again alone.", readsRedone),
        ]
        return now.map { MetricSample($0.0, .gauge, $0.1, Double($0.2)) } + ever.map { MetricSample($0.0, .counter, $0.1, Double($0.2)) }
    }
}
