import HTTPTypes
package import Hummingbird
import NIOCore

/// A body that is no JSON: its bytes, as the caller names their type.
package struct Document: Sendable {
    /// Without parameters, in lower case.
    package let mediaType: String
    package let bytes: [UInt8]
    package let idempotency: IdempotencyDirective?
}

extension Request {
    /// The body as a document of one of some types.
    ///
    /// The `Content-Digest` of RFC 9530 is checked where one is sent. What a retry must repeat are the bytes, their type and the query.
    /// - Throws: ``Problem`` 415 for another type, 413 past the route's limit, 400 for an empty body or one that is not what its
    ///   digest says.
    package func document(of types: [String], in context: some EdgeContext) async throws -> Document {
        let parts = (headers[.contentType] ?? "").split(separator: ";").map { $0.trimmingSpaces().lowercased() }
        let isPlain = headers[.contentEncoding].map { $0.lowercased() == "identity" } ?? true
        guard let mediaType = parts.first, types.contains(mediaType), isPlain,
            parts.dropFirst().allSatisfy({ $0 == "charset=utf-8" || $0 == "charset=\"utf-8\"" })
        else { throw Problem.unsupportedMediaType(accepted: types.joined(separator: ", ")) }
        let bytes = Array(try await BodyReader.bytes(of: self, in: context).readableBytesView)
        guard !bytes.isEmpty else {
            throw Problem.requestInvalid([ProblemIssue(in: .body, name: "", code: "missing", detail: Text("reason.missing"))])
        }
        try ContentDigest(headers).check(bytes)
        let named = Array("\(uri.query ?? "")\n\(mediaType)\n".utf8)
        return Document(
            mediaType: mediaType, bytes: bytes, idempotency: try IdempotencyDirective(of: self, document: named + bytes))
    }
}

extension IdempotencyDirective {
    /// As for a body of JSON, for one that is not.
    init?(of request: Request, document: [UInt8]) throws(Problem) {
        guard let directive = try IdempotencyDirective(of: request, body: [:]) else { return nil }
        self.init(
            key: directive.key,
            fingerprint: RequestFingerprint(method: request.method.rawValue, path: request.uri.path, bytes: document))
    }
}
