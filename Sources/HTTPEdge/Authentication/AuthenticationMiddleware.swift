import HTTPTypes
import Hummingbird

/// Stands before the routes for members: no principal, no handler.
struct AuthenticationMiddleware: RouterMiddleware {
    typealias Context = GuestContext

    let authenticator: any Authenticating
    /// Nil limits nobody.
    let limiter: RateLimiter?

    func handle(
        _ request: Request, context: GuestContext, next: (Request, GuestContext) async throws -> Response
    ) async throws -> Response {
        let given = request.headers[values: .authorization]
        guard let header = given.first else { throw Problem.unauthenticated(credentialGiven: false) }
        guard given.count == 1, let credential = BearerCredential(authorization: header),
            let principal = try await authenticator.principal(for: credential, at: context.receivedAt)
        else { throw Problem.unauthenticated(credentialGiven: true) }
        limiter?.prove(credential)
        var context = context
        context.principal = principal
        context.notes.note(principal)
        return try await next(request, context)
    }
}
