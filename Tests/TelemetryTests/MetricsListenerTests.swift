import AsyncHTTPClient
import CoreMetrics
import Logging
import NIOCore
import NIOHTTP1
import Testing

@testable import Telemetry

@Suite struct MetricsListenerTests {
    @Test func `the metrics are read on a port of their own, and nothing else is`() async throws {
        let registry = MetricsRegistry()
        Counter(label: "seen", factory: registry).increment()
        let build = MetricSample("plateau_build_info", .gauge, "Version.", labels: [("version", "1.2")], 1)
        try await serving {
            MetricsListener(registry: registry, host: "127.0.0.1", port: 0, others: { [build] }, logger: .quiet, onRunning: $0)
        } _: { port in
            func get(_ path: String) async throws -> (UInt, String?, String) {
                let request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
                let response = try await HTTPClient.shared.execute(request, timeout: .seconds(5))
                let body = try await response.body.collect(upTo: 1 << 20)
                return (response.status.code, response.headers.first(name: "content-type"), String(buffer: body))
            }
            let (status, mediaType, text) = try await get("/metrics")
            #expect(status == 200)
            #expect(mediaType == "text/plain; version=0.0.4; charset=utf-8")
            #expect(text.contains("\nseen_total 1\n"))
            #expect(text.contains("\nplateau_build_info{version=\"1.2\"} 1\n"))
            #expect(text.hasSuffix("\n"))
            #expect(try await get("/").0 == 404)
        }
    }
}
