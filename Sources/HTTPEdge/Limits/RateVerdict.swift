import HTTPTypes

/// What a limit says to one request.
struct RateVerdict: Hashable, Sendable {
    let policy: RatePolicy
    let isAdmitted: Bool
    /// Units that could be spent at once now.
    let remaining: Int
    let secondsUntilFull: Int
    /// 0 when admitted.
    let retryAfterSeconds: Int

    /// The fields of draft-ietf-httpapi-ratelimit-headers.
    func write(to headers: inout HTTPFields) {
        headers[.rateLimitPolicy] = policy.field
        headers[.rateLimit] = "\"\(policy.name)\";r=\(remaining);t=\(secondsUntilFull)"
    }
}

extension Problem {
    /// 429, with the figures of the limit and the seconds after which to try again.
    static func tooManyRequests(_ verdict: RateVerdict) -> Problem {
        let figures: [String: TextArgument] = [
            "rate": .number(verdict.policy.perMinute), "burst": .number(verdict.policy.burst),
            "seconds": .number(verdict.retryAfterSeconds),
        ]
        return Problem(
            .tooManyRequests, "tooManyRequests", detail: Text(TextKey(rawValue: "tooManyRequests.\(verdict.policy.name)"), figures),
            headers: [.retryAfter: String(verdict.retryAfterSeconds)])
    }
}
