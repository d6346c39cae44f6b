import HTTPTypes
package import Hummingbird
import Logging
import NIOCore
import NIOHTTP1

/// Turns every error into a problem and returns it, so that what stands further out sees a response.
///
/// An `HTTPParserError` goes on: the connection is no longer in step and is answered and closed below the router.
package struct ProblemMiddleware: RouterMiddleware {
    package typealias Context = GuestContext

    private let page: EdgeSettings.ProblemPage?

    /// - Parameter page: who reads pages gets the problem as one.
    package init(page: EdgeSettings.ProblemPage? = nil) {
        self.page = page
    }

    package func handle(
        _ request: Request, context: GuestContext, next: (Request, GuestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPParserError {
            throw error
        } catch {
            let problem = problem(of: error, context: context).forRequest(method: request.method)
            if let page = page?(problem, request, context) { return page }
            return problem.response(requestID: context.requestID, speaker: context.speaker)
        }
    }

    private func problem(of error: any Error, context: GuestContext) -> Problem {
        switch error {
        case let error as any ProblemRepresentable:
            let problem = error.problem
            guard problem.status.code >= 500 else { return problem }
            log(error, context: context)
            return problem.status == .internalServerError ? .internalError(requestID: context.requestID) : problem
        case is NIOTooManyBytesError:
            return .contentTooLarge(limit: context.bodyLimit)
        case let error as any HTTPResponseError where error.status.code < 500:
            return .framework(error)
        default:
            log(error, context: context)
            return .internalError(requestID: context.requestID)
        }
    }

    /// Said once, here: what the caller is told has no internals.
    private func log(_ error: any Error, context: GuestContext) {
        context.logger.error(
            "Unexpected error", metadata: ["error": "\(String(reflecting: error))", "route": "\(context.endpointPath ?? "")"])
    }
}

extension Problem {
    /// What the framework refuses by itself, in our words; its own text is for developers and is not shown.
    fileprivate static func framework(_ error: any HTTPResponseError) -> Problem {
        var problem =
            switch error.status {
            case .notFound: Problem.notFound
            case .badRequest: Problem.requestMalformed
            case .contentTooLarge: Problem(.contentTooLarge, "contentTooLarge")
            case .unsupportedMediaType: Problem(.unsupportedMediaType, "unsupportedMediaType")
            case .unauthorized: Problem.unauthenticated(credentialGiven: false)
            case .tooManyRequests: Problem(.tooManyRequests, "tooManyRequests")
            default: Problem(error.status, "requestRefused")
            }
        if let error = error as? HTTPError {
            for field in error.headers where problem.headers[field.name] == nil { problem.headers.append(field) }
        }
        return problem
    }
}
