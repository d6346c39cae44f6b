import HTTPTypes

/// What a limit says to one request.
struct RateVerdict: Hashable, Sendable {
    let policy: RatePolicy
    let isAdmitted: Bool
    /// Requests that could be made at once now.
    let remaining: Int
    let secondsUntilFull: Int
    /// 0 when admitted.
    let retryAfterSeconds: Int

    /// The fields of draft-ietf-httpapi-ratelimit-headers.
    func write(to headers: inout HTTPFields) {
        headers[.rateLimitPolicy] = "\"\(policy.name)\";q=\(policy.requests);w=\(policy.windowSeconds)"
        headers[.rateLimit] = "\"\(policy.name)\";r=\(remaining);t=\(secondsUntilFull)"
    }
}

extension Problem {
    /// 429, with the figures of the limit and the seconds after which to try again.
    static func tooManyRequests(_ verdict: RateVerdict) -> Problem {
        let policy = verdict.policy
        let figures = [
            "requests": String(policy.requests), "window": String(policy.windowSeconds), "seconds": String(verdict.retryAfterSeconds),
        ]
        return Problem(
            .tooManyRequests, "tooManyRequests", detail: Text("tooManyRequests.\(policy.name)", figures),
            extensions: [
                ProblemExtension("quota", policy.requests), ProblemExtension("windowSeconds", policy.windowSeconds),
                ProblemExtension("retryAfterSeconds", verdict.retryAfterSeconds),
            ],
            headers: [.retryAfter: String(verdict.retryAfterSeconds)])
    }
}
