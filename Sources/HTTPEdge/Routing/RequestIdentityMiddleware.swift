import FoundationEssentials
import HTTPTypes
import Hummingbird
import Kernel
import Logging

/// Outermost: gives the request its id, its language and its deadline, and the response what belongs to the exchange as a whole.
struct RequestIdentityMiddleware: RouterMiddleware {
    typealias Context = GuestContext

    let settings: EdgeSettings
    let readiness: Readiness
    let clock: any WallClock
    private let date = DateLine()

    init(settings: EdgeSettings, readiness: Readiness, clock: any WallClock) {
        self.settings = settings
        self.readiness = readiness
        self.clock = clock
    }

    func handle(
        _ request: Request, context: GuestContext, next: (Request, GuestContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.requestID = Self.saneID(request.headers[.requestID]) ?? UUID().uuidString.lowercased()
        context.receivedAt = clock.now()
        context.deadline = .now + settings.requestDeadline
        context.clientAddress = settings.forwarding.client(peer: context.remoteAddress.flatMap(IPAddress.init), headers: request.headers)
        context.bodyLimit = settings.bodyLimitBytes
        context.catalogue = settings.catalogue
        context.askedLanguage = SpokenLanguage(acceptLanguage: request.headers.joined(.acceptLanguage))
        if let trace = request.headers[.traceparent].flatMap({ TraceContext(traceparent: $0) }) { context.notes.note(trace) }
        // The framework's own key: what it logs itself carries the same id.
        context.logger[metadataKey: "hb.request.id"] = .string(context.requestID)

        var response = try await next(request, context)
        // The length stays the GET's. A stream has none, and gets 0: without a length NIO would frame the body that isn't there.
        if request.method == .head { response = response.createHeadResponse() }
        response.headers[.requestID] = context.requestID
        response.headers[.date] = date.text(at: context.receivedAt)
        if readiness.isDraining { response.headers[.connection] = "close" }
        return response
    }

    /// A caller's id is kept when it cannot harm a log or a header: up to 128 letters, digits, `-`, `_`, `.` and `:`.
    private static func saneID(_ id: String?) -> String? {
        guard let id, (1...128).contains(id.utf8.count) else { return nil }
        return id.utf8.allSatisfy(isSane) ? id : nil
    }

    private static func isSane(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"): true
        default: false
        }
    }
}
