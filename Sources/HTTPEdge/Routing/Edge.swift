package import Hummingbird
package import Kernel

/// The edge, assembled: a router with everything between socket and handler in its right order.
package struct Edge {
    package let router: Router<GuestContext>
    /// Where slices declare their routes, before the application is built.
    package let routes: EdgeRoutes

    /// - Parameters:
    ///   - authenticator: finds who a bearer key belongs to.
    ///   - readiness: while draining, every answer asks the client to close the connection.
    ///   - clock: tells when a request arrives.
    ///   - now: by which limits are counted.
    package init(
        settings: EdgeSettings = EdgeSettings(),
        authenticator: any Authenticating,
        readiness: Readiness,
        clock: any WallClock,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        let router = Router(context: GuestContext.self)
        let recorded = RecordedRoutes()
        // The order is the meaning: what stands first sees every answer, problems included.
        router.add(middleware: RequestIdentityMiddleware(settings: settings, readiness: readiness, clock: clock))
        if let tracer = settings.tracer { router.add(middleware: TracingMiddleware(tracer: tracer)) }
        router.add(middleware: AccessLogMiddleware())
        router.add(
            middleware:
                SecurityHeadersMiddleware(
                    contentSecurityPolicy: settings.contentSecurityPolicy, isSecureOnly: settings.isSecureOnly))
        router.add(middleware: CompressionMiddleware())
        let limiter = settings.limits.areOff ? nil : RateLimiter(settings.limits, now: now)
        if let limiter { router.add(middleware: LimitMiddleware(limiter: limiter, exempt: HealthRoutes.paths, page: settings.problemPage)) }
        router.add(middleware: ProblemMiddleware(page: settings.problemPage))
        router.add(middleware: AddressMiddleware(routes: recorded, maximumBytes: settings.addressLimitBytes))
        let members = router.group()
            .add(middleware: AuthenticationMiddleware(authenticator: authenticator, limiter: limiter))
            .group(context: MemberContext.self)
        self.router = router
        self.routes = EdgeRoutes(guests: router, members: members, recorded: recorded, limiter: limiter, costs: settings.costs)
    }
}
