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
    let now: @Sendable () -> Instant

    func handle(
        _ request: Request, context: GuestContext, next: (Request, GuestContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.requestID = Self.saneID(request.headers[.requestID]) ?? UUID().uuidString.lowercased()
        context.receivedAt = now()
        context.deadline = .now + settings.requestDeadline
        context.bodyLimit = settings.bodyLimitBytes
        context.catalogue = settings.catalogue
        context.askedLanguage = SpokenLanguage(acceptLanguage: request.headers.joined(.acceptLanguage))
        // The framework's own key: what it logs itself carries the same id.
        context.logger[metadataKey: "hb.request.id"] = .string(context.requestID)

        var response = try await next(request, context)
        if request.method == .head { response = response.createHeadResponse() }
        response.headers[.requestID] = context.requestID
        if readiness.isDraining { response.headers[.connection] = "close" }
        return response
    }

    /// A caller's id is kept when it cannot harm a log or a header: up to 128 letters, digits, `-`, `_`, `.` and `:`.
    private static func saneID(_ id: String?) -> String? {
        guard let id, (1...128).contains(id.utf8.count) else { return nil }
        let isSane = id.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || "-_.:".unicodeScalars.contains(scalar))
        }
        return isSane ? id : nil
    }
}
