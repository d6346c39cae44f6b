import HTTPTypes
import Hummingbird

/// Tells browsers not to guess types, frame us, load what was not meant, or leak addresses.
///
/// A handler that sets its own `Content-Security-Policy` (a page) keeps it.
struct SecurityHeadersMiddleware: RouterMiddleware {
    typealias Context = GuestContext

    let contentSecurityPolicy: String
    /// Whether browsers are to ask this host over TLS alone, for a year (RFC 6797).
    let isSecureOnly: Bool

    func handle(
        _ request: Request, context: GuestContext, next: (Request, GuestContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.referrerPolicy] = "no-referrer"
        response.headers[.frameOptions] = "DENY"
        if isSecureOnly { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        if response.headers[.contentSecurityPolicy] == nil {
            response.headers[.contentSecurityPolicy] = contentSecurityPolicy
        }
        return response
    }
}
