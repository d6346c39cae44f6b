package import HTTPTypes
package import Hummingbird
package import Kernel
import NIOCore

/// Asks a route of the API from inside, for somebody who is known already.
///
/// The very route that a client reaches: it checks roles, decodes the body, calls the verb, and answers as the contract says.
package struct InnerCalls: Sendable {
    let responder: RouterResponder<GuestContext>

    /// - Parameters:
    ///   - principal: nil reaches open routes only.
    ///   - outer: the request on whose account it is; it lends its identifier, its deadline and its language.
    /// - Returns: the answer, a problem included.
    package func answer(to call: InnerCall, as principal: Principal?, in outer: GuestContext) async throws -> InnerAnswer {
        let response = try await response(to: call, as: principal, in: outer)
        let bytes = try await response.body.collected()
        guard bytes.readableBytes > 0 else { return InnerAnswer(status: response.status, headers: response.headers, body: [:]) }
        return InnerAnswer(status: response.status, headers: response.headers, body: try BodyReader.parse(bytes))
    }

    /// The same, as it would go out: for what is no JSON.
    package func response(to call: InnerCall, as principal: Principal?, in outer: GuestContext) async throws -> Response {
        try await responder.respond(to: call.request, context: GuestContext(inside: outer, as: principal))
    }
}

/// One request of the contract.
package struct InnerCall: Sendable {
    package var method: HTTPRequest.Method
    package var path: String
    package var query: [(name: String, value: String)]
    package var body: [String: JSONValue]?
    /// A body that is no JSON.
    package var document: (mediaType: String, bytes: [UInt8])?
    package var idempotencyKey: String?
    /// The entity tag of what is to be changed.
    package var ifMatch: String?

    package init(
        _ method: HTTPRequest.Method, _ path: String, query: [(name: String, value: String)] = [], body: [String: JSONValue]? = nil,
        document: (mediaType: String, bytes: [UInt8])? = nil, idempotencyKey: String? = nil, ifMatch: String? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.document = document
        self.idempotencyKey = idempotencyKey
        self.ifMatch = ifMatch
    }

    fileprivate var request: Request {
        let parameters = query.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
        var headers: HTTPFields = [:]
        headers[.idempotencyKey] = idempotencyKey
        headers[.ifMatch] = ifMatch
        var bytes = ByteBuffer()
        if let body {
            var json = JSONWriter()
            JSONValue.object(body).write(to: &json)
            bytes = json.buffer
            headers[.contentType] = "application/json"
            headers[.contentLength] = String(bytes.readableBytes)
        } else if let document {
            bytes.writeBytes(document.bytes)
            headers[.contentType] = document.mediaType
            headers[.contentLength] = String(bytes.readableBytes)
        }
        let address = parameters.isEmpty ? path : "\(path)?\(parameters.joined(separator: "&"))"
        return Request(
            head: HTTPRequest(method: method, scheme: nil, authority: nil, path: address, headerFields: headers),
            body: RequestBody(buffer: bytes))
    }
}

/// What a route of the contract answered.
package struct InnerAnswer: Sendable {
    package let status: HTTPResponse.Status
    package let headers: HTTPFields
    /// Empty for an answer without a body.
    package let body: [String: JSONValue]

    package var isProblem: Bool { status.code >= 400 }
    package var eTag: String? { headers[.eTag] }
}
