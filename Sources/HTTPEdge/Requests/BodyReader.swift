import HTTPTypes
package import Hummingbird
package import NIOCore
import NIOHTTP1

/// Takes a request's body in: media type, size, JSON, fields.
package struct BodyReader {
    /// Deeper nesting than this is refused.
    static let maximumDepth = 32

    /// Collects the body's bytes.
    /// - Throws: ``Problem`` 413 past the route's limit, without reading on when the length was announced.
    package static func bytes(of request: Request, in context: some EdgeContext) async throws -> ByteBuffer {
        let limit = context.bodyLimit
        if let announced = request.headers[.contentLength].flatMap(Int.init), announced > limit {
            throw Problem.contentTooLarge(limit: limit)
        }
        do {
            return try await request.body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw Problem.contentTooLarge(limit: limit)
        } catch let error as HTTPParserError {
            throw error
        } catch {
            // The caller went away or was cut off in the middle of its body: its fault, not ours.
            throw Problem.requestMalformed
        }
    }

    /// The body as a JSON object.
    /// - Parameter orEmpty: whether no body at all counts as an empty object.
    /// - Throws: ``Problem`` 415, 413, or 400 with what is wrong.
    static func object(of request: Request, in context: some EdgeContext, orEmpty: Bool) async throws -> [String: JSONValue] {
        let mayBeEmpty = orEmpty && request.headers[.contentType] == nil
        if !mayBeEmpty { try requireJSON(request.headers) }
        let bytes = try await bytes(of: request, in: context)
        if !mayBeEmpty { return try parse(bytes) }
        if bytes.readableBytes > 0 { throw Problem.unsupportedMediaType(accepted: "application/json") }
        return [:]
    }

    /// Whatever a handler makes of a body, one that is there says that it is JSON.
    ///
    /// A browser sends that type to another site only after it was allowed, which this service never does: no form and no picture of a
    /// foreign page reaches a handler that changes something.
    /// - Returns: the request, with a body that can still be read.
    static func requireJSONIfAny(_ request: Request, orFile: Bool = false, in context: some EdgeContext) async throws -> Request {
        let headers = request.headers
        if headers[.contentType] != nil || headers[.contentLength].map({ Int($0) != 0 }) ?? false {
            if !orFile || isForm(headers[.contentType]) { try requireJSON(headers) }
        } else if headers[.transferEncoding] != nil {
            // Only its end tells whether there is one.
            guard try await bytes(of: request, in: context).readableBytes == 0 else {
                throw Problem.unsupportedMediaType(accepted: "application/json")
            }
            return Request(head: request.head, body: RequestBody(buffer: ByteBuffer()))
        }
        return request
    }

    /// What forms send to another site without asking it, or a body that says nothing of itself.
    ///
    /// Plain text can be a file; where one is taken, the caller's key alone keeps foreign pages away: no browser adds it unasked.
    private static func isForm(_ mediaType: String?) -> Bool {
        guard let essence = mediaType?.split(separator: ";").first?.trimmingSpaces().lowercased() else { return true }
        return ["application/x-www-form-urlencoded", "multipart/form-data"].contains(essence)
    }

    /// RFC 8259: JSON between systems is UTF-8, so no other charset is taken.
    static func requireJSON(_ headers: HTTPFields) throws(Problem) {
        let accepted = "application/json"
        guard let header = headers[.contentType], isJSON(header) else { throw .unsupportedMediaType(accepted: accepted) }
        if let coding = headers[.contentEncoding], coding.lowercased() != "identity" {
            throw .unsupportedMediaType(accepted: accepted)
        }
    }

    static func parse(_ buffer: ByteBuffer) throws(Problem) -> [String: JSONValue] {
        var parser = JSONParser(Array(buffer.readableBytesView), maximumDepth: maximumDepth)
        let parsed: JSONValue
        do throws(JSONParser.Fault) {
            parsed = try parser.document()
        } catch {
            guard error == .tooDeep else { throw isUTF8(buffer) ? .jsonMalformed : .bodyNotUTF8 }
            let reason = Text("reason.depth", ["limit": .number(maximumDepth)])
            throw .requestInvalid([ProblemIssue(in: .body, name: "", detail: reason)])
        }
        guard case .object(let members) = parsed else { throw .jsonMalformed }
        guard !parser.hasDuplicates else {
            // Where they are is asked once there are some.
            let outline = JSONOutline(of: buffer.readableBytesView, maximumDepth: maximumDepth)
            throw .requestInvalid(
                outline.duplicates.map { ProblemIssue(in: .body, name: $0, code: "duplicate", detail: Text("reason.duplicate")) })
        }
        return members
    }

    /// Asked once a text could not be read, to say why (RFC 8259, 8.1).
    private static func isUTF8(_ buffer: ByteBuffer) -> Bool {
        let bytes = buffer.readableBytesView
        let marks: [[UInt8]] = [[0xEF, 0xBB, 0xBF], [0xFE, 0xFF], [0xFF, 0xFE]]
        let isPlain = !marks.contains { bytes.starts(with: $0) } && !bytes.contains(0)
        return isPlain && String(validating: bytes, as: UTF8.self) != nil
    }

    private static func isJSON(_ header: String) -> Bool {
        let parts = header.split(separator: ";").map { $0.trimmingSpaces().lowercased() }
        guard parts.first == "application/json" else { return false }
        return parts.dropFirst().allSatisfy { $0 == "charset=utf-8" || $0 == "charset=\"utf-8\"" }
    }
}
