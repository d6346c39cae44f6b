package import Hummingbird

extension Request {
    /// The body, read as the endpoint's request type.
    /// - Parameter orEmpty: whether a request without a body is read as `{}`.
    /// - Throws: ``Problem`` 415 unless `application/json`, 413 past the limit, 400 with every fault at once.
    package func body<Body: RequestObject>(
        _ type: Body.Type = Body.self, in context: some EdgeContext, orEmpty: Bool = false
    ) async throws -> Body {
        try Self.read(type, from: await BodyReader.object(of: self, in: context, orEmpty: orEmpty))
    }

    /// The body together with the caller's idempotency key, if one was sent.
    /// - Throws: as ``body(_:in:)``, and 400 for a key that is not one.
    package func submission<Body: RequestObject>(
        _ type: Body.Type = Body.self, in context: some EdgeContext, orEmpty: Bool = false
    ) async throws -> Submission<Body> {
        let members = try await BodyReader.object(of: self, in: context, orEmpty: orEmpty)
        let directive = try IdempotencyDirective(of: self, body: members)
        return Submission(body: try Self.read(type, from: members), idempotency: directive)
    }

    private static func read<Body: RequestObject>(_ type: Body.Type, from members: [String: JSONValue]) throws(Problem) -> Body {
        switch Body.read(members) {
        case .success(let body): return body
        case .failure(let refused): throw .requestInvalid(refused.issues)
        }
    }
}

/// A body with the key under which its effect happens once.
package struct Submission<Body: RequestObject>: Sendable {
    package let body: Body
    package let idempotency: IdempotencyDirective?
}
