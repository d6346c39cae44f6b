package import CoreMetrics
import HTTPEdge
package import Tracing

/// Makes spans and keeps those of traces that are to be kept.
///
/// A trace that began elsewhere is kept when its caller keeps it; of those that begin here, so many of a hundred.
package final class SpanTracer: Tracer {
    package typealias Span = RecordedSpan

    let queue: SpanQueue
    private let percentKept: UInt64
    private let random: @Sendable () -> UInt64

    package init(
        percentKept: Int, capacity: Int = 4_096, metrics: any MetricsFactory = MetricsSystem.factory,
        random: @escaping @Sendable () -> UInt64 = { .random(in: 1 ... .max) }
    ) {
        self.percentKept = UInt64(percentKept)
        self.random = random
        queue = SpanQueue(capacity: capacity, metrics: metrics)
    }

    package func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> InstrumentationContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
    ) -> RecordedSpan {
        var context = context()
        let parent = context.trace
        let trace = child(of: parent)
        context.trace = trace
        let record = SpanRecord(
            name: operationName, trace: trace, parent: parent?.spanID, kind: kind, start: instant().nanosecondsSinceEpoch)
        return RecordedSpan(record: record, context: context, isKept: trace.isSampled, queue: queue)
    }

    private func child(of parent: TraceContext?) -> TraceContext {
        if let parent {
            return TraceContext(
                traceHigh: parent.traceHigh, traceLow: parent.traceLow, spanID: random(), isSampled: parent.isSampled)
        }
        let low = random()
        return TraceContext(traceHigh: random(), traceLow: low, spanID: random(), isSampled: low % 100 < percentKept)
    }

    package func forceFlush() {}

    // MARK: Instrument

    private static let header = "traceparent"

    package func inject<Carrier, Inject: Injector>(
        _ context: InstrumentationContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        if let trace = context.trace { injector.inject(trace.traceparent, forKey: Self.header, into: &carrier) }
    }

    package func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout InstrumentationContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        if let trace = extractor.extract(key: Self.header, from: carrier).flatMap({ TraceContext(traceparent: $0) }) {
            context.trace = trace
        }
    }
}
