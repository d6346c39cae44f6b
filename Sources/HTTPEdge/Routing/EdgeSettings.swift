package import Hummingbird
package import Tracing

/// What the edge is told once, at start.
package struct EdgeSettings: Sendable {
    /// The largest request body, unless a route says otherwise.
    package var bodyLimitBytes: Int
    /// The longest address, query included.
    package var addressLimitBytes: Int
    /// How long a caller is assumed to wait for an answer.
    package var requestDeadline: Duration
    /// For every response that has no policy of its own: nothing is loaded, nobody frames.
    package var contentSecurityPolicy: String
    /// The edge's sentences and the slices'.
    package var catalogue: TextCatalogue
    /// None unless said.
    package var limits: RateLimits
    /// What a request takes from its key's account, by operation; what is not named takes 1.
    package var costs: [String: Int]
    /// Which proxies are believed when they say for whom they ask; none unless said.
    package var forwarding: Forwarding
    /// Records a span for each request; nil records none.
    package var tracer: (any Tracer)?
    /// Writes a problem as a page, for who reads pages; nil, or an answer of nil, writes it as JSON.
    package var problemPage: ProblemPage?
    /// Whether browsers are told to come over TLS alone; no unless said.
    package var isSecureOnly = false

    package typealias ProblemPage = @Sendable (Problem, Request, GuestContext) -> Response?

    package init(
        bodyLimitBytes: Int = 1_048_576,
        addressLimitBytes: Int = 8_192,
        requestDeadline: Duration = .seconds(30),
        contentSecurityPolicy: String = "default-src 'none'; frame-ancestors 'none'",
        catalogue: TextCatalogue = TextCatalogue(),
        limits: RateLimits = RateLimits(),
        costs: [String: Int] = [:],
        forwarding: Forwarding = Forwarding(),
        tracer: (any Tracer)? = nil
    ) {
        self.bodyLimitBytes = bodyLimitBytes
        self.addressLimitBytes = addressLimitBytes
        self.requestDeadline = requestDeadline
        self.contentSecurityPolicy = contentSecurityPolicy
        self.catalogue = catalogue
        self.limits = limits
        self.costs = costs
        self.forwarding = forwarding
        self.tracer = tracer
    }
}
