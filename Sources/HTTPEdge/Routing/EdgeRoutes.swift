package import HTTPTypes
package import Hummingbird

/// Where slices declare their routes; each declaration is recorded beside being routed.
package struct EdgeRoutes {
    let guests: Router<GuestContext>
    let members: RouterGroup<MemberContext>
    package let recorded: RecordedRoutes
    /// Nil limits nobody.
    let limiter: RateLimiter?
    /// By operation; what is not named costs 1.
    let costs: [String: Int]

    package func get<Access: RouteAccess>(
        _ path: String, operation: String, access: Access,
        handler: @escaping @Sendable (Request, Access.Context) async throws -> Response
    ) {
        on(.get, path, operation: operation, access: access, bodyLimit: nil, handler: handler)
    }

    /// - Parameter takesFiles: whether the handler looks at the media type itself; otherwise a body has to be JSON.
    package func post<Access: RouteAccess>(
        _ path: String, operation: String, access: Access, bodyLimit: Int? = nil, takesFiles: Bool = false,
        handler: @escaping @Sendable (Request, Access.Context) async throws -> Response
    ) {
        on(
            .post, path, operation: operation, access: access, bodyLimit: bodyLimit, takesFiles: takesFiles, handler: handler)
    }

    package func put<Access: RouteAccess>(
        _ path: String, operation: String, access: Access, bodyLimit: Int? = nil,
        handler: @escaping @Sendable (Request, Access.Context) async throws -> Response
    ) {
        on(.put, path, operation: operation, access: access, bodyLimit: bodyLimit, handler: handler)
    }

    package func patch<Access: RouteAccess>(
        _ path: String, operation: String, access: Access, bodyLimit: Int? = nil,
        handler: @escaping @Sendable (Request, Access.Context) async throws -> Response
    ) {
        on(.patch, path, operation: operation, access: access, bodyLimit: bodyLimit, handler: handler)
    }

    package func delete<Access: RouteAccess>(
        _ path: String, operation: String, access: Access,
        handler: @escaping @Sendable (Request, Access.Context) async throws -> Response
    ) {
        on(.delete, path, operation: operation, access: access, bodyLimit: nil, handler: handler)
    }

    /// A page for people: a form's body is taken, the handler finds out itself who reads it.
    /// - Parameter access: who may read it, as the table of routes tells; the handler enforces it.
    package func page(
        _ method: HTTPRequest.Method, _ path: String, name: String, access: RecordedRoute.Access,
        handler: @escaping @Sendable (Request, GuestContext) async throws -> Response
    ) {
        let cost = costs[name] ?? 1
        recorded.record(RecordedRoute(method: method, path: path, operation: name, access: access, cost: cost, isPage: true))
        let charged: @Sendable (Request, GuestContext) async throws -> Response = { [limiter] request, context in
            try limiter?.chargeAddress(context, above: cost)
            return try await handler(request, context)
        }
        guests.on(RouterPath(path), method: method, use: charged)
        if method == .get { guests.on(RouterPath(path), method: .head, use: charged) }
    }

    /// A GET answers HEAD too; the body is cut off further out.
    private func on<Access: RouteAccess>(
        _ method: HTTPRequest.Method, _ path: String, operation: String, access: Access, bodyLimit: Int?, takesFiles: Bool = false,
        handler: @escaping @Sendable (Request, Access.Context) async throws -> Response
    ) {
        let cost = costs[operation] ?? 1
        recorded.record(RecordedRoute(method: method, path: path, operation: operation, access: access.recorded, cost: cost))
        let admitted: @Sendable (Request, Access.Context) async throws -> Response = { [limiter] request, context in
            try limiter?.charge(context.guest, cost: cost)
            try access.admit(context)
            var context = context
            if let bodyLimit { context.bodyLimit = bodyLimit }
            let checked = method == .get ? request : try await BodyReader.requireJSONIfAny(request, orFile: takesFiles, in: context)
            let response = try await handler(checked, context)
            limiter?.settle(context.guest, cost: cost, answer: response)
            return response
        }
        let group = access.group(in: self)
        group.on(RouterPath(path), method: method, use: admitted)
        if method == .get { group.on(RouterPath(path), method: .head, use: admitted) }
    }
}
