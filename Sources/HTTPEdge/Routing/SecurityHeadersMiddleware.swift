import HTTPTypes
import Hummingbird

/// Tells browsers not to guess types, frame us, load what was not meant, or leak addresses.
///
/// A handler that sets its own `Content-Security-Policy` (a page) keeps it.
struct SecurityHeadersMiddleware: RouterMiddleware {
    typealias Context = GuestContext

    let contentSecurityPolicy: String

    func handle(
        _ request: Request, context: GuestContext, next: (Request, GuestContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.referrerPolicy] = "no-referrer"
        response.headers[.frameOptions] = "DENY"
        if response.headers[.contentSecurityPolicy] == nil {
            response.headers[.contentSecurityPolicy] = contentSecurityPolicy
        }
        return response
    }
}
