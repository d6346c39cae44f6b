import HTTPTypes
import Hummingbird
import Tracing

/// Takes part in the trace that a request belongs to: names it in the log, and with a tracer adds a span.
struct TracingMiddleware: RouterMiddleware {
    typealias Context = GuestContext

    /// Nil records nothing.
    let tracer: (any Tracer)?

    func handle(
        _ request: Request, context: GuestContext, next: (Request, GuestContext) async throws -> Response
    ) async throws -> Response {
        let caller = request.headers[.traceparent].flatMap { TraceContext(traceparent: $0) }
        if let tracer { return try await traced(by: tracer, from: caller, request, context, next) }
        if let caller { context.notes.note(caller) }
        return try await next(request, context)
    }

    private func traced(
        by tracer: some Tracer, from caller: TraceContext?, _ request: Request, _ context: GuestContext,
        _ next: (Request, GuestContext) async throws -> Response
    ) async throws -> Response {
        var parent = InstrumentationContext.topLevel
        parent.trace = caller
        let method = request.method.rawValue
        return try await tracer.withSpan(method, context: parent, ofKind: .server) { span in
            if let trace = span.context.trace { context.notes.note(trace) }
            let response = try await next(request, context)
            let route = context.endpointPath ?? RequestMetrics.noRoute
            span.operationName = "\(method) \(route)"
            span.attributes["http.request.method"] = method
            span.attributes["http.route"] = route
            span.attributes["http.response.status_code"] = response.status.code
            span.attributes["plateau.request_id"] = context.requestID
            if response.status.code >= 500 { span.setStatus(SpanStatus(code: .error)) }
            return response
        }
    }
}
