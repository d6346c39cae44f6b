import HTTPTypes
import Hummingbird
import Tracing

/// Adds a span for each request to the trace that it belongs to.
struct TracingMiddleware: RouterMiddleware {
    typealias Context = GuestContext

    let tracer: any Tracer

    func handle(
        _ request: Request, context: GuestContext, next: (Request, GuestContext) async throws -> Response
    ) async throws -> Response {
        try await traced(by: tracer, request, context, next)
    }

    private func traced(
        by tracer: some Tracer, _ request: Request, _ context: GuestContext, _ next: (Request, GuestContext) async throws -> Response
    ) async throws -> Response {
        var parent = InstrumentationContext.topLevel
        parent.trace = context.notes.trace
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
