import HTTPTypes
import Hummingbird

/// Answers what the router by itself does not: an address too long, a known address with another method, OPTIONS.
struct AddressMiddleware: RouterMiddleware {
    typealias Context = GuestContext

    let routes: RecordedRoutes
    let maximumBytes: Int

    func handle(
        _ request: Request, context: GuestContext, next: (Request, GuestContext) async throws -> Response
    ) async throws -> Response {
        if request.uri.string.utf8.count > maximumBytes { throw Problem.addressTooLong }
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            guard let methods = routes.methods(for: request.uri.path), !methods.contains(request.method) || request.method == .options
            else { throw Problem.notFound }
            guard request.method == .options else { throw Problem.methodNotAllowed(allow: methods) }
            return .empty(.noContent, headers: [.allow: methods.map(\.rawValue).joined(separator: ", ")])
        }
    }
}
