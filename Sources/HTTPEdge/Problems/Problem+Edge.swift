package import HTTPTypes
package import Kernel

/// The problems of the edge itself.
extension Problem {
    /// 400: everything that is wrong with the request, at once.
    package static func requestInvalid(_ issues: [ProblemIssue]) -> Problem {
        let detail = Text("invalidRequest.detail", ["count": .number(issues.count)])
        return Problem(.badRequest, "invalidRequest", detail: detail, issues: issues)
    }

    package static let jsonMalformed = Problem(
        .badRequest, "invalidRequest", title: Text("jsonMalformed.title"), detail: Text("jsonMalformed.detail"))

    /// 400: another encoding than UTF-8, or a byte order mark.
    static let bodyNotUTF8 = Problem(
        .badRequest, "invalidRequest", title: Text("jsonMalformed.title"), detail: Text("bodyNotUTF8.detail"))

    package static let requestMalformed = Problem(
        .badRequest, "invalidRequest", title: Text("requestMalformed.title"))

    /// 401: no credential, or one that is not valid (RFC 6750, 3).
    package static func unauthenticated(credentialGiven: Bool) -> Problem {
        let challenge = credentialGiven ? #"Bearer realm="plateau", error="invalid_token""# : #"Bearer realm="plateau""#
        return Problem(
            .unauthorized, "unauthorized", detail: Text("unauthorized.detail"), headers: [.wwwAuthenticate: challenge])
    }

    /// 403: the caller is known and holds none of the roles.
    package static func forbidden(roles: [Role]) -> Problem {
        let names = roles.map(\.rawValue).joined(separator: ", ")
        return Problem(.forbidden, "forbidden", detail: Text("forbidden.detail", ["roles": .text(names)]))
    }

    /// 404: also for what the caller may not know about.
    package static let notFound = Problem(.notFound, "notFound")

    package static func methodNotAllowed(allow: [HTTPRequest.Method]) -> Problem {
        let methods = allow.map(\.rawValue).joined(separator: ", ")
        return Problem(
            .methodNotAllowed, "methodNotAllowed", detail: Text("methodNotAllowed.detail", ["methods": .text(methods)]),
            headers: [.allow: methods])
    }

    package static func contentTooLarge(limit: Int) -> Problem {
        Problem(
            .contentTooLarge, "contentTooLarge", detail: Text("contentTooLarge.detail", ["limit": .number(limit)]),
            headers: [.connection: "close"])
    }

    package static let addressTooLong = Problem(.uriTooLong, "addressTooLong")

    /// 501: no server of HTTP that we know of has such a method (RFC 9110, 9.1).
    static let methodUnknown = Problem(.notImplemented, "methodUnknown")

    /// 408: the request took too long to arrive.
    static let requestTooSlow = Problem(.requestTimeout, "requestTooSlow")

    package static let headersTooLarge = Problem(.requestHeaderFieldsTooLarge, "headerFieldsTooLarge")

    /// 415, with what is accepted (RFC 9110, 15.5.16).
    package static func unsupportedMediaType(accepted: String) -> Problem {
        Problem(
            .unsupportedMediaType, "unsupportedMediaType",
            detail: Text("unsupportedMediaType.detail", ["accepted": .text(accepted)]), headers: [.accept: accepted])
    }

    /// 503, with the seconds after which to try again.
    package static func unavailable(retryAfterSeconds seconds: Int) -> Problem {
        Problem(
            .serviceUnavailable, "serviceUnavailable", detail: Text("serviceUnavailable.detail", ["seconds": .number(seconds)]),
            headers: [.retryAfter: String(seconds)])
    }

    /// 503 for a write that may have been carried out: the same key finds out, and takes effect once.
    package static func outcomeUnknown(retryAfterSeconds seconds: Int) -> Problem {
        Problem(
            .serviceUnavailable, "outcomeUnknown", detail: Text("outcomeUnknown.detail", ["seconds": .number(seconds)]),
            headers: [.retryAfter: String(seconds)])
    }

    /// Who only reads has nothing that could have been carried out.
    func forRequest(method: HTTPRequest.Method) -> Problem {
        guard code == "outcomeUnknown", method == .get || method == .head else { return self }
        return .unavailable(retryAfterSeconds: headers[.retryAfter].flatMap { Int($0) } ?? 1)
    }

    /// 500: says nothing but under which identifier it is logged.
    static func internalError(requestID: String) -> Problem {
        Problem(.internalServerError, "internalError", detail: Text("internalError.detail", ["request": .text(requestID)]))
    }
}
