import HTTPTypes
import Hummingbird

/// Refuses what passes a limit, and tells each caller how much of its own is left.
///
/// Requests without a key are counted by address before anything is done for them; those with a key by ``KeyLimitMiddleware``.
/// Whoever presents keys that are not valid is refused, after some, before the key is looked at. A 304 is not charged.
struct LimitMiddleware: RouterMiddleware {
    typealias Context = GuestContext

    let limiter: RateLimiter
    /// Addresses that are never limited: balancers ask them.
    let exempt: Set<String>

    func handle(
        _ request: Request, context: GuestContext, next: (Request, GuestContext) async throws -> Response
    ) async throws -> Response {
        if exempt.contains(request.uri.path) { return try await next(request, context) }
        let address = context.clientAddress?.subscriber
        let presentsKey = request.headers.contains(.authorization)
        let before = presentsKey ? limiter.look(.failures(address)) : limiter.take(.address(address))
        if let before, !before.isAdmitted { return refusal(before, context: context) }
        var response = try await next(request, context)
        var verdict = presentsKey ? context.notes.limit : before
        if verdict == nil, presentsKey {
            let isFailure = response.status == .unauthorized
            verdict = limiter.take(isFailure ? .failures(address) : .address(address))
            if let verdict, !verdict.isAdmitted, !isFailure { return refusal(verdict, context: context) }
        } else if response.status == .notModified, !presentsKey {
            verdict = limiter.giveBack(.address(address))
        }
        verdict?.write(to: &response.headers)
        return response
    }

    private func refusal(_ verdict: RateVerdict, context: GuestContext) -> Response {
        var response = Problem.tooManyRequests(verdict).response(requestID: context.requestID, speaker: context.speaker)
        verdict.write(to: &response.headers)
        return response
    }
}

/// Counts the requests of a key, once it is known that it is one.
struct KeyLimitMiddleware: RouterMiddleware {
    typealias Context = GuestContext

    let limiter: RateLimiter

    func handle(
        _ request: Request, context: GuestContext, next: (Request, GuestContext) async throws -> Response
    ) async throws -> Response {
        guard let credential = context.principal?.credential, let verdict = limiter.take(.credential(credential)) else {
            return try await next(request, context)
        }
        context.notes.note(verdict)
        if !verdict.isAdmitted { throw Problem.tooManyRequests(verdict) }
        let response = try await next(request, context)
        if response.status == .notModified, let verdict = limiter.giveBack(.credential(credential)) { context.notes.note(verdict) }
        return response
    }
}
