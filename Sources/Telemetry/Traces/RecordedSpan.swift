import Locking
package import Tracing

/// A span that is under way; given to the queue when it ends, if its trace is kept.
package final class RecordedSpan: Span {
    private struct State {
        var record: SpanRecord
        var attributes = SpanAttributes()
        var hasEnded = false
    }

    package let context: InstrumentationContext
    private let isKept: Bool
    private let queue: SpanQueue
    private let state: Mutex<State>

    init(record: SpanRecord, context: InstrumentationContext, isKept: Bool, queue: SpanQueue) {
        self.context = context
        self.isKept = isKept
        self.queue = queue
        state = Mutex(State(record: record))
    }

    package var isRecording: Bool { isKept && state.withLock { !$0.hasEnded } }

    package var operationName: String {
        get { state.withLock { $0.record.name } }
        set { state.withLock { $0.record.name = newValue } }
    }

    package var attributes: SpanAttributes {
        get { state.withLock { $0.attributes } }
        set { if isKept { state.withLock { $0.attributes = newValue } } }
    }

    package func setStatus(_ status: SpanStatus) {
        state.withLock { $0.record.isFailed = status.code == .error }
    }

    /// Events and links are not sent.
    package func addEvent(_ event: SpanEvent) {}
    package func addLink(_ link: SpanLink) {}

    package func recordError<Instant: TracerInstant>(
        _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
    ) {
        state.withLock { $0.record.errorType = String(describing: type(of: error)) }
    }

    package func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        guard isKept else { return }
        let now = instant().nanosecondsSinceEpoch
        let ended: SpanRecord? = state.withLock { state in
            guard !state.hasEnded else { return nil }
            state.hasEnded = true
            state.record.end = max(now, state.record.start)
            var attributes: [(name: String, value: SpanAttribute)] = []
            state.attributes.forEach { attributes.append((name: $0, value: $1)) }
            state.record.attributes = attributes.sorted { $0.name < $1.name }
            return state.record
        }
        if let ended { queue.put(ended) }
    }
}
