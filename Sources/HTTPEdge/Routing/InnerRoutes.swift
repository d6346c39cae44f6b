import Hummingbird

/// The routes of the API without the socket before them: no key is asked for, no limit is counted.
///
/// Slices declare their routes here as they do at the edge; ``InnerCalls`` asks them.
package struct InnerRoutes {
    package let routes: EdgeRoutes
    private let router: Router<GuestContext>

    package init() {
        router = Router(context: GuestContext.self)
        router.add(middleware: ProblemMiddleware())
        routes = EdgeRoutes(
            guests: router, members: router.group().group(context: MemberContext.self), recorded: RecordedRoutes(), limiter: nil, costs: [:]
        )
    }

    /// To be taken once every route is declared.
    package var calls: InnerCalls { InnerCalls(responder: router.buildResponder()) }
}
