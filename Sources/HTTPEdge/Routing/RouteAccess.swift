package import Hummingbird
package import Kernel

/// Who may call a route; decides which context its handler gets.
package protocol RouteAccess: Sendable {
    associatedtype Context: EdgeContext
    var recorded: RecordedRoute.Access { get }
    /// - Throws: ``Problem`` when this caller may not.
    func admit(_ context: Context) throws(Problem)
    func group(in routes: EdgeRoutes) -> any RouterMethods<Context>
}

/// Anybody, without a credential.
package struct OpenAccess: RouteAccess {
    package var recorded: RecordedRoute.Access { .open }

    package func admit(_ context: GuestContext) {}

    package func group(in routes: EdgeRoutes) -> any RouterMethods<GuestContext> {
        routes.guests
    }
}

/// Any authenticated caller, or one who holds a role of the list, wherever it holds it: the slice checks the place.
package struct MemberAccess: RouteAccess {
    package let roles: [Role]

    package var recorded: RecordedRoute.Access { .member(roles: roles) }

    package func admit(_ context: MemberContext) throws(Problem) {
        guard roles.isEmpty || context.principal.holdsSomewhere(anyOf: Set(roles)) else {
            throw .forbidden(roles: roles)
        }
    }

    package func group(in routes: EdgeRoutes) -> any RouterMethods<MemberContext> {
        routes.members
    }
}

extension RouteAccess where Self == OpenAccess {
    package static var open: OpenAccess { OpenAccess() }
}

extension RouteAccess where Self == MemberAccess {
    package static var member: MemberAccess { MemberAccess(roles: []) }

    package static func member(_ roles: Role...) -> MemberAccess {
        MemberAccess(roles: roles)
    }
}
