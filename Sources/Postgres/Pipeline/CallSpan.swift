import Tracing

/// One call of a statement in the trace of the task that makes it: the statement's name and how it ended, never its text or a value.
struct CallSpan: Sendable {
    private let span: any Span

    /// Nil without a tracer, and outside of any trace: what the program asks by itself would be traces without a story.
    init?(_ statement: String, tracer: (any Tracer)?) {
        guard let tracer, let context = InstrumentationContext.current else { return nil }
        span = tracer.startSpan(statement, context: context, ofKind: .client)
        span.attributes["db.system.name"] = "postgresql"
        span.attributes["db.operation.name"] = statement
    }

    func end(_ failure: PostgresError?) {
        if let failure {
            span.attributes["error.type"] = "\(failure.code)"
            if let state = failure.sqlState { span.attributes["db.response.status_code"] = "\(state)" }
            span.setStatus(SpanStatus(code: .error))
        }
        span.end()
    }
}
