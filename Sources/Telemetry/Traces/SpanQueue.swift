import CoreMetrics
import Locking

/// Spans that wait to be sent; when they are too many, further ones are dropped and counted.
final class SpanQueue: Sendable {
    private let waiting = Mutex<[SpanRecord]>([])
    private let capacity: Int
    private let dropped: Counter

    init(capacity: Int, metrics: any MetricsFactory) {
        self.capacity = capacity
        dropped = Counter(label: "traces.dropped_spans", factory: metrics)
    }

    func put(_ span: SpanRecord) {
        let isTaken = waiting.withLock { waiting in
            guard waiting.count < capacity else { return false }
            waiting.append(span)
            return true
        }
        if !isTaken { dropped.increment() }
    }

    /// The oldest, at most so many.
    func take(_ count: Int) -> [SpanRecord] {
        waiting.withLock { waiting in
            let taken = Array(waiting.prefix(count))
            waiting.removeFirst(taken.count)
            return taken
        }
    }

    func drop(_ spans: [SpanRecord]) {
        dropped.increment(by: spans.count)
    }
}
