import AsyncHTTPClient
package import CoreMetrics
package import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle

/// Sends spans to a collector (OTLP over HTTP, in JSON), in bundles; what it does not take is dropped and counted, never sent again.
package struct SpanExport: Service {
    private static let bundle = 512
    private static let timeout = TimeAmount.seconds(5)

    private let tracer: SpanTracer
    private let endpoint: String
    private let version: String
    private let interval: Duration
    private let logger: Logger
    private let sent: Counter

    /// - Parameter endpoint: the collector's address, such as `http://localhost:4318/v1/traces`.
    package init(
        tracer: SpanTracer, endpoint: String, version: String, interval: Duration = .seconds(2),
        metrics: any MetricsFactory = MetricsSystem.factory, logger: Logger
    ) {
        self.tracer = tracer
        self.endpoint = endpoint
        self.version = version
        self.interval = interval
        self.logger = logger
        sent = Counter(label: "traces.sent_spans", factory: metrics)
    }

    package func run() async throws {
        let client = HTTPClient(eventLoopGroupProvider: .singleton)
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            // Only the pause is cut short: what is being sent arrives.
            await cancelWhenGracefulShutdown { try? await Task.sleep(for: interval) }
            await sendWaiting(by: client)
        }
        await sendWaiting(by: client)
        try await client.shutdown()
    }

    private func sendWaiting(by client: HTTPClient) async {
        while true {
            let spans = tracer.queue.take(Self.bundle)
            if spans.isEmpty { return }
            let reason = await failure(of: spans, by: client)
            guard let reason else {
                sent.increment(by: spans.count)
                continue
            }
            tracer.queue.drop(spans)
            logger.warning("Spans not sent", metadata: ["count": .stringConvertible(spans.count), "reason": .string(reason)])
            return
        }
    }

    /// Nil when the collector took them.
    private func failure(of spans: [SpanRecord], by client: HTTPClient) async -> String? {
        var request = HTTPClientRequest(url: endpoint)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(SpanMessage.json(of: spans, service: "plateau", version: version))
        do {
            let response = try await client.execute(request, timeout: Self.timeout)
            // Read to its end, so that the connection can be used again.
            _ = try? await response.body.collect(upTo: 65_536)
            return (200..<300).contains(response.status.code) ? nil : "status \(response.status.code)"
        } catch {
            return "\(error)"
        }
    }
}
