import HTTPTypes
import Hummingbird
import Kernel

/// Refuses what passes a limit, and tells each caller how much of its own is left.
///
/// Requests without a key are counted by address before anything is done for them; those with a key where their route is known
/// (``RateLimiter/charge(_:cost:)``). After some keys that were not valid, further ones from the address are not looked at, but for those
/// that were good before. A 304 costs nothing.
struct LimitMiddleware: RouterMiddleware {
    typealias Context = GuestContext

    let limiter: RateLimiter
    /// Paths that are never limited: balancers ask them.
    let exempt: Set<String>
    /// Who reads pages gets the refusal as one.
    var page: EdgeSettings.ProblemPage?

    func handle(
        _ request: Request, context: GuestContext, next: (Request, GuestContext) async throws -> Response
    ) async throws -> Response {
        if exempt.contains(request.uri.path) { return try await next(request, context) }
        let address = context.clientAddress?.subscriber
        guard let header = request.headers[.authorization] else { return try await withoutKey(from: address, request, context, next) }
        if let failures = limiter.look(at: .failures(address)), !failures.isAdmitted,
            !(BearerCredential(authorization: header).map(limiter.isProven) ?? false)
        {
            return refusal(failures, of: request, context)
        }
        var response = try await next(request, context)
        if let verdict = context.notes.limit {
            verdict.write(to: &response.headers)
        } else if let verdict = limiter.take(from: response.status == .unauthorized ? .failures(address) : .address(address)) {
            // An open route, where nobody looked at the key.
            if !verdict.isAdmitted { return refusal(verdict, of: request, context) }
            verdict.write(to: &response.headers)
        }
        return response
    }

    private func withoutKey(
        from address: IPAddress?, _ request: Request, _ context: GuestContext, _ next: (Request, GuestContext) async throws -> Response
    ) async throws -> Response {
        var verdict = limiter.take(from: .address(address))
        if let verdict, !verdict.isAdmitted { return refusal(verdict, of: request, context) }
        var response = try await next(request, context)
        if response.status == .notModified { verdict = limiter.giveBack(to: .address(address)) }
        verdict?.write(to: &response.headers)
        return response
    }

    private func refusal(_ verdict: RateVerdict, of request: Request, _ context: GuestContext) -> Response {
        let problem = Problem.tooManyRequests(verdict)
        var response =
            page?(problem, request, context) ?? problem.response(requestID: context.requestID, speaker: context.speaker)
        verdict.write(to: &response.headers)
        return response
    }
}

extension RateLimiter {
    /// Charges a request to its key; one without a principal was charged to its address already.
    /// - Throws: ``Problem`` 429.
    func charge(_ context: GuestContext, cost: Int) throws(Problem) {
        guard let credential = context.principal?.credential, let verdict = take(cost, from: .credential(credential)) else { return }
        context.notes.note(verdict)
        if !verdict.isAdmitted { throw .tooManyRequests(verdict) }
    }

    /// Charges to the address what a page costs above the one unit that it has paid already.
    /// - Throws: ``Problem`` 429.
    func chargeAddress(_ context: GuestContext, above cost: Int) throws(Problem) {
        guard cost > 1, let verdict = take(cost - 1, from: .address(context.clientAddress?.subscriber)), !verdict.isAdmitted else { return }
        throw .tooManyRequests(verdict)
    }

    /// Gives back what was charged for an answer that says only that nothing has changed.
    func settle(_ context: GuestContext, cost: Int, answer: Response) {
        guard answer.status == .notModified, let credential = context.principal?.credential,
            let verdict = giveBack(cost, to: .credential(credential))
        else { return }
        context.notes.note(verdict)
    }
}
