import CoreMetrics
import HTTPEdge
import Testing
import Tracing

@testable import Telemetry

@Suite struct SpanTracerTests {
    private struct Carrier: Injector, Extractor {
        func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
        func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
    }

    private struct Failure: Error {}

    @Test func `a span within another belongs to it, and to the caller's trace`() async throws {
        let tracer = SpanTracer(percentKept: 0, metrics: MetricsRegistry())
        var context = InstrumentationContext.topLevel
        let header = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        tracer.extract(["traceparent": header], into: &context, using: Carrier())
        await tracer.withSpan("outer", context: context, ofKind: .server) { outer in
            await Task.yield()
            tracer.withSpan("inner", ofKind: .client) { inner in
                var carrier: [String: String] = [:]
                tracer.inject(inner.context, into: &carrier, using: Carrier())
                #expect(carrier["traceparent"] == inner.context.trace?.traceparent)
            }
            outer.attributes["n"] = 3
        }
        let spans = tracer.queue.take(10)
        try #require(spans.map(\.name) == ["inner", "outer"])
        #expect(spans.allSatisfy { $0.trace.traceID == "0af7651916cd43dd8448eb211c80319c" })
        #expect(spans[1].parent == 0xb7ad_6b71_6920_3331)
        #expect(spans[0].parent == spans[1].trace.spanID)
        #expect(spans[0].end >= spans[0].start)
        #expect(spans[1].attributes.map(\.name) == ["n"])
    }

    @Test(arguments: [0, 30, 100])
    func `of the traces that begin here as many are kept as asked for, whole or not at all`(percent: Int) {
        let tracer = SpanTracer(percentKept: percent, capacity: 100_000, metrics: MetricsRegistry())
        for _ in 1...5_000 {
            tracer.withSpan("outer", context: .topLevel) { _ in tracer.withSpan("inner") { _ in } }
        }
        let spans = tracer.queue.take(.max)
        #expect(spans.count { $0.name == "outer" } == spans.count { $0.name == "inner" })
        let kept = Double(spans.count / 2) / 50
        #expect(abs(kept - Double(percent)) < (percent % 100 == 0 ? 0.001 : 5))
    }

    @Test func `what was thrown is told by its type, and a full queue drops and counts`() throws {
        let registry = MetricsRegistry()
        let tracer = SpanTracer(percentKept: 100, capacity: 3, metrics: registry)
        for _ in 1...5 {
            #expect(throws: Failure.self) { try tracer.withSpan("fails", context: .topLevel) { _ in throw Failure() } }
        }
        let spans = tracer.queue.take(10)
        #expect(spans.count == 3)
        #expect(spans.allSatisfy { $0.isFailed && $0.errorType == "Failure" })
        #expect(registry.text().contains("traces_dropped_spans_total 2\n"))
    }

    @Test func `a span that ends twice is sent once`() {
        let tracer = SpanTracer(percentKept: 100, metrics: MetricsRegistry())
        let span = tracer.startSpan("once", context: .topLevel)
        span.end()
        span.end()
        #expect(tracer.queue.take(10).count == 1)
    }
}
