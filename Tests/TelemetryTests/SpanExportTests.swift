import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Locking
import Testing
import Tracing

@testable import Telemetry

@Suite struct SpanExportTests {
    /// What a collector reads.
    private struct Message: Decodable {
        struct Resource: Decodable {
            let resource: Attributes
            let scopeSpans: [Scope]
        }
        struct Attributes: Decodable { let attributes: [Attribute] }
        struct Scope: Decodable { let spans: [Span] }
        struct Attribute: Decodable {
            let key: String
            let value: Value
        }
        struct Value: Decodable {
            let stringValue: String?
            let intValue: String?
        }
        struct Span: Decodable {
            let traceId: String
            let spanId: String
            let parentSpanId: String?
            let name: String
            let kind: Int
            let startTimeUnixNano: String
            let endTimeUnixNano: String
            let attributes: [Attribute]
        }
        let resourceSpans: [Resource]
    }

    /// Takes what is sent, and answers with a status of its own.
    private final class Collector: Sendable {
        let bodies = Mutex<[ByteBuffer]>([])
        let mediaTypes = Mutex<[String?]>([])

        func application(status: HTTPResponse.Status, onRunning: @escaping @Sendable (Int) async -> Void) -> any Service {
            let router = Router()
            router.post("/v1/traces") { request, _ in
                let body = try await request.body.collect(upTo: 1 << 22)
                self.bodies.withLock { $0.append(body) }
                self.mediaTypes.withLock { $0.append(request.headers[.contentType]) }
                return Response(status: status)
            }
            return Application(
                router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
                onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? 0) }, logger: .quiet)
        }
    }

    /// Runs the export until it has stopped by itself after being told to.
    private func export(_ tracer: SpanTracer, to endpoint: String, metrics: MetricsRegistry, while body: () async throws -> Void)
        async throws
    {
        let export = SpanExport(
            tracer: tracer, endpoint: endpoint, version: "1.2", interval: .milliseconds(50), metrics: metrics, logger: .quiet)
        let group = ServiceGroup(configuration: .init(services: [export], logger: .quiet))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await body()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test func `a collector gets each span once, the last ones when the service stops`() async throws {
        let collector = Collector()
        let registry = MetricsRegistry()
        let tracer = SpanTracer(percentKept: 100, metrics: registry)
        try await serving {
            collector.application(status: .ok, onRunning: $0)
        } _: { port in
            try await export(tracer, to: "http://127.0.0.1:\(port)/v1/traces", metrics: registry) {
                for number in 1...700 {
                    tracer.withSpan("GET /v1/a", context: .topLevel, ofKind: .server) {
                        $0.attributes["http.response.status_code"] = number
                    }
                }
                try await Task.sleep(for: .milliseconds(300))
                tracer.withSpan("last", context: .topLevel) { _ in }
            }
        }
        let messages = try collector.bodies.withLock {
            try $0.map { try JSONDecoder().decode(Message.self, from: Data($0.readableBytesView)) }
        }
        let spans = messages.flatMap { $0.resourceSpans.flatMap { $0.scopeSpans.flatMap(\.spans) } }
        #expect(spans.count == 701)
        #expect(Set(spans.map(\.spanId)).count == 701)
        #expect(spans.last?.name == "last")
        let first = try #require(spans.first)
        #expect(first.kind == 2)
        #expect(first.traceId.count == 32)
        #expect(first.parentSpanId == nil)
        #expect(first.attributes.first?.value.intValue == "1")
        #expect(try #require(Int64(first.endTimeUnixNano)) >= #require(Int64(first.startTimeUnixNano)))
        let service = messages.first?.resourceSpans.first?.resource.attributes.first { $0.key == "service.name" }
        #expect(service?.value.stringValue == "plateau")
        #expect(collector.mediaTypes.withLock { $0.allSatisfy { $0 == "application/json" } })
        #expect(registry.text().contains("traces_sent_spans_total 701\n"))
    }

    @Test func `what a collector refuses is counted and not sent again`() async throws {
        let collector = Collector()
        let registry = MetricsRegistry()
        let tracer = SpanTracer(percentKept: 100, metrics: registry)
        try await serving {
            collector.application(status: .internalServerError, onRunning: $0)
        } _: { port in
            try await export(tracer, to: "http://127.0.0.1:\(port)/v1/traces", metrics: registry) {
                for _ in 1...5 { tracer.withSpan("a", context: .topLevel) { _ in } }
                try await Task.sleep(for: .milliseconds(300))
            }
        }
        #expect(collector.bodies.withLock(\.count) == 1)
        #expect(registry.text().contains("traces_dropped_spans_total 5\n"))
    }

    @Test func `a collector that is not there stops nothing`() async throws {
        let registry = MetricsRegistry()
        let tracer = SpanTracer(percentKept: 100, metrics: registry)
        try await export(tracer, to: "http://127.0.0.1:1/v1/traces", metrics: registry) {
            tracer.withSpan("a", context: .topLevel) { _ in }
            try await Task.sleep(for: .milliseconds(200))
        }
        #expect(registry.text().contains("traces_dropped_spans_total 1\n"))
    }
}
