import HTTPTypes
import Hummingbird

/// Sends what is read in a smaller form to whoever takes it.
///
/// Only answers to GET and HEAD: secrets are told in answers to POST alone (a new key), so that none is ever compressed beside what a
/// caller wrote (BREACH). Each form has a strong tag of its own, `"v3"` and `"v3-gzip"` (RFC 9110, 8.8.3.3); either may come back in
/// `If-Match` and `If-None-Match`, and handlers see only the first.
struct CompressionMiddleware: RouterMiddleware {
    typealias Context = GuestContext

    /// Below, the headers weigh as much as what is gained.
    static let leastBytes = 1024
    /// Above, the answer is sent as it is rather than held in memory twice.
    static let mostBytes = 16 * 1_048_576

    func handle(
        _ request: Request, context: GuestContext, next: (Request, GuestContext) async throws -> Response
    ) async throws -> Response {
        let tags = CodedTags(request.headers)
        let response = try await next(tags.areCoded ? tags.decoded(request) : request, context)
        guard request.method == .get || request.method == .head else { return response }
        if response.status == .notModified { return tags.confirmed(response) }
        return try await compressed(response, for: request)
    }

    private func compressed(_ response: Response, for request: Request) async throws -> Response {
        guard Self.isText(response.headers[.contentType]), response.headers[.contentEncoding] == nil else { return response }
        var response = response
        response.headers[.vary] = response.headers[.vary].map { "\($0), Accept-Encoding" } ?? "Accept-Encoding"
        guard let length = response.body.contentLength, (Self.leastBytes...Self.mostBytes).contains(length),
            let coding = ContentCoding(acceptEncoding: request.headers.joined(.acceptEncoding))
        else { return response }
        let body = try await response.body.collected()
        let smaller = try Deflating.compress(body, as: coding)
        guard smaller.readableBytes < length else { return response }
        response.body = .init(byteBuffer: smaller)
        response.headers[.contentLength] = String(smaller.readableBytes)
        response.headers[.contentEncoding] = coding.rawValue
        if let tag = response.headers[.eTag] { response.headers[.eTag] = CodedTags.coded(tag, as: coding) }
        return response
    }

    private static func isText(_ mediaType: String?) -> Bool {
        guard let mediaType else { return false }
        return mediaType.hasPrefix("text/") || texts.contains { mediaType.hasPrefix($0) }
    }

    private static let texts = ["application/json", "application/problem+json", "application/yaml", "image/svg+xml"]
}

/// The tags of a request's conditions, as handlers know them.
struct CodedTags {
    private static let conditions: [HTTPField.Name] = [.ifMatch, .ifNoneMatch]

    private let ifNoneMatch: String?
    let areCoded: Bool

    init(_ headers: HTTPFields) {
        ifNoneMatch = headers[.ifNoneMatch]
        areCoded = Self.conditions.contains { name in
            headers[name].map { value in ContentCoding.allCases.contains { value.contains($0.tagEnd) } } ?? false
        }
    }

    static func coded(_ tag: String, as coding: ContentCoding) -> String {
        tag.hasSuffix("\"") ? tag.dropLast() + coding.tagEnd : tag
    }

    func decoded(_ request: Request) -> Request {
        var head = request.head
        for name in Self.conditions {
            guard var value = head.headerFields[name] else { continue }
            for coding in ContentCoding.allCases {
                value = value.split(separator: coding.tagEnd, omittingEmptySubsequences: false).joined(separator: "\"")
            }
            head.headerFields[name] = value
        }
        return Request(head: head, body: request.body)
    }

    /// A 304 names the tag of the form that the caller holds, or its cache would not know which it confirms (RFC 9111, 4.3.4).
    func confirmed(_ response: Response) -> Response {
        var response = response
        response.headers[.vary] = "Accept-Encoding"
        guard let tag = response.headers[.eTag], let ifNoneMatch, !ifNoneMatch.contains(tag) else { return response }
        let held = ContentCoding.allCases.map { Self.coded(tag, as: $0) }.first { ifNoneMatch.contains($0) }
        if let held { response.headers[.eTag] = held }
        return response
    }
}
