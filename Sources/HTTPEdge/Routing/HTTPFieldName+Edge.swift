package import HTTPTypes

/// Header names that the HTTP library does not list; all are valid tokens, so the unwrapping cannot fail.
// swift-format-ignore: NeverForceUnwrap
extension HTTPField.Name {
    static let idempotencyKey = Self("Idempotency-Key")!
    static let idempotentReplayed = Self("Idempotent-Replayed")!
    static let requestID = Self("X-Request-Id")!
    static let referrerPolicy = Self("Referrer-Policy")!
    static let rateLimit = Self("RateLimit")!
    static let rateLimitPolicy = Self("RateLimit-Policy")!
    static let xForwardedFor = Self("X-Forwarded-For")!
    static let forwarded = Self("Forwarded")!
    static let traceparent = Self("traceparent")!
    static let contentDigest = Self("Content-Digest")!
    /// Where a list goes on (RFC 8288).
    package static let link = Self("Link")!
    /// Where a request comes from, as the browser itself says (Fetch Metadata).
    package static let secFetchSite = Self("Sec-Fetch-Site")!
    static let strictTransportSecurity = Self("Strict-Transport-Security")!
    static let frameOptions = Self("X-Frame-Options")!
}
