import HTTPTypes
import Hummingbird
import Kernel
import Logging
import NIOCore

/// One line for each answer, refusals included, and the two HTTP metrics of the OpenTelemetry conventions.
///
/// A body of known length is logged when it is handed to the connection, a stream once its last byte is.
struct AccessLogMiddleware: RouterMiddleware {
    typealias Context = GuestContext

    private let metrics = RequestMetrics()

    func handle(
        _ request: Request, context: GuestContext, next: (Request, GuestContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        metrics.started()
        do {
            var response = try await next(request, context)
            let exchange = Exchange(request: request, context: context, status: response.status, start: start)
            if let length = response.body.contentLength {
                finish(exchange, bytes: length)
            } else {
                response.body = counted(response.body, exchange: exchange)
            }
            return response
        } catch {
            // Only a connection out of step gets here; it is answered 400 and closed below.
            finish(Exchange(request: request, context: context, status: .badRequest, start: start), bytes: 0)
            throw error
        }
    }

    private struct Exchange {
        let request: Request
        let context: GuestContext
        let status: HTTPResponse.Status
        let start: ContinuousClock.Instant
    }

    private func finish(_ exchange: Exchange, bytes: Int) {
        let duration = exchange.start.duration(to: .now)
        let route = exchange.context.endpointPath ?? RequestMetrics.noRoute
        metrics.ended(method: exchange.request.method, route: route, status: exchange.status, duration: duration)
        metrics.moved(requestBytes: exchange.request.headers[.contentLength].flatMap { Int($0) } ?? 0, responseBytes: bytes)
        var metadata: Logger.Metadata = [
            "method": .string(exchange.request.method.rawValue),
            "route": .string(route),
            "status": .stringConvertible(exchange.status.code),
            "duration_seconds": .stringConvertible(duration.seconds),
            "response_bytes": .stringConvertible(bytes),
        ]
        if let organisation = exchange.context.notes.organisation { metadata["organisation"] = .string(organisation.description) }
        if let address = exchange.context.clientAddress { metadata["client_address"] = .string(address.description) }
        if let trace = exchange.context.notes.trace { metadata["trace_id"] = .string(trace.traceID) }
        exchange.context.logger.info("Request", metadata: metadata)
    }

    private func counted(_ body: ResponseBody, exchange: Exchange) -> ResponseBody {
        ResponseBody { writer in
            let counter = ByteCounter()
            do {
                try await body.write(
                    writer.map { buffer in
                        counter.add(buffer.readableBytes)
                        return buffer
                    })
            } catch {
                finish(exchange, bytes: counter.total)
                throw error
            }
            finish(exchange, bytes: counter.total)
        }
    }
}

extension Duration {
    /// In seconds, to the microsecond.
    var seconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds / 1_000_000_000_000) / 1_000_000
    }
}
