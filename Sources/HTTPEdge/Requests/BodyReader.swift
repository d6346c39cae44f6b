import FoundationEssentials
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
    static func requireJSONIfAny(_ headers: HTTPFields) throws(Problem) {
        let isThere =
            headers[.contentType] != nil || headers[.transferEncoding] != nil || headers[.contentLength].map { Int($0) != 0 } ?? false
        if isThere { try requireJSON(headers) }
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
        try requireUTF8(buffer)
        let outline = JSONOutline(of: buffer.readableBytesView, maximumDepth: maximumDepth)
        if outline.isTooDeep {
            let reason = Text("reason.depth", ["limit": String(maximumDepth)])
            throw .requestInvalid([ProblemIssue(in: .body, name: "", detail: reason)])
        }
        let parsed = try? JSONDecoder().decode(JSONValue.self, from: Data(buffer.readableBytesView))
        guard !outline.hasTrailingComma, case .object(let members) = parsed else { throw .jsonMalformed }
        if !outline.duplicates.isEmpty {
            let reason = Text("reason.duplicate")
            throw .requestInvalid(outline.duplicates.map { ProblemIssue(in: .body, name: $0, code: "duplicate", detail: reason) })
        }
        return members
    }

    /// The decoder would take UTF-16 and UTF-32 too, which the checks beside it can't read (RFC 8259, 8.1).
    private static func requireUTF8(_ buffer: ByteBuffer) throws(Problem) {
        let bytes = buffer.readableBytesView
        let marks: [[UInt8]] = [[0xEF, 0xBB, 0xBF], [0xFE, 0xFF], [0xFF, 0xFE]]
        let isPlain = !marks.contains { bytes.starts(with: $0) } && !bytes.contains(0)
        guard isPlain, String(validating: bytes, as: UTF8.self) != nil else { throw .bodyNotUTF8 }
    }

    private static func isJSON(_ header: String) -> Bool {
        let parts = header.split(separator: ";").map { $0.trimmingSpaces().lowercased() }
        guard parts.first == "application/json" else { return false }
        return parts.dropFirst().allSatisfy { $0 == "charset=utf-8" || $0 == "charset=\"utf-8\"" }
    }
}
