import HTTPEdge
import Tracing

/// What is sent of a span that has ended.
struct SpanRecord: Sendable {
    var name: String
    let trace: TraceContext
    /// Nil for the first of its trace.
    let parent: UInt64?
    let kind: SpanKind
    let start: UInt64
    var end: UInt64 = 0
    var attributes: [(name: String, value: SpanAttribute)] = []
    var isFailed = false
    /// The type of what was thrown; its text could hold what must not leave.
    var errorType: String?
}
