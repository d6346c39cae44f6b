package import HTTPTypes
package import Hummingbird

extension Response {
    /// An answer whose body is one JSON object; the closure writes its members.
    ///
    /// Private to the caller: not stored without an `ETag`, revalidated with one.
    /// - Parameter capacity: the bytes that it will take, as far as that is known.
    package static func json<E: Error>(
        _ status: HTTPResponse.Status = .ok,
        eTag: ETag? = nil,
        location: String? = nil,
        headers: HTTPFields = [:],
        capacity: Int = 512,
        _ members: (inout JSONWriter) throws(E) -> Void
    ) throws(E) -> Response {
        var json = JSONWriter(capacity: capacity)
        try json.object(members)
        var headers = headers
        headers[.contentType] = "application/json"
        headers.describe(eTag: eTag, location: location)
        return Response(status: status, headers: headers, body: .init(byteBuffer: json.buffer))
    }

    /// An answer without a body.
    package static func empty(
        _ status: HTTPResponse.Status = .noContent, eTag: ETag? = nil, location: String? = nil, headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        headers.describe(eTag: eTag, location: location)
        var response = Response(status: status, headers: headers)
        // RFC 9110, 8.6: a 204 or 304 carries no Content-Length of its own.
        if status == .noContent || status == .notModified { response.headers[.contentLength] = nil }
        return response
    }
}

extension HTTPFields {
    fileprivate mutating func describe(eTag: ETag?, location: String?) {
        if let eTag { self[.eTag] = eTag.description }
        if let location { self[.location] = location }
        if self[.cacheControl] == nil { self[.cacheControl] = eTag == nil ? "no-store" : "private, no-cache" }
    }
}
