import HTTPTypes
package import Hummingbird

/// Asks that a request have its effect once, however often it comes.
package struct IdempotencyDirective: Hashable, Sendable {
    package let key: IdempotencyKey
    package let fingerprint: RequestFingerprint

    package init(key: IdempotencyKey, fingerprint: RequestFingerprint) {
        self.key = key
        self.fingerprint = fingerprint
    }

    /// Nil when the request has no `Idempotency-Key`.
    /// - Throws: ``Problem`` 400 when the key is not one, or is there twice.
    package init?(of request: Request, body: [String: JSONValue]) throws(Problem) {
        let given = request.headers[values: .idempotencyKey]
        guard let header = given.first else { return nil }
        guard given.count == 1, let key = IdempotencyKey(header) else {
            throw .requestInvalid([ProblemIssue(in: .header, name: "Idempotency-Key", detail: Text("reason.header"))])
        }
        self.key = key
        self.fingerprint = RequestFingerprint(method: request.method.rawValue, path: request.uri.path, body: body)
    }
}

extension Problem {
    /// 422: the key stands for another request.
    package static let idempotencyKeyReused = Problem(
        .unprocessableContent, "idempotencyKeyReused", detail: Text("idempotencyKeyReused.detail"))

    /// 409: the first attempt has not ended yet.
    package static let idempotencyInFlight = Problem(
        .conflict, "idempotencyInFlight", detail: Text("idempotencyInFlight.detail"), headers: [.retryAfter: "1"])
}

extension Response {
    /// Marks an answer as the stored one of an earlier attempt.
    package func replayed() -> Response {
        var response = self
        response.headers[.idempotentReplayed] = "true"
        return response
    }
}
