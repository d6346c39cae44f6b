import HTTPTypes
import Hummingbird
import Kernel
import NIOCore

@testable import Access
@testable import HTTPEdge

/// Header fields.
enum HeaderInput {
    static func readEntityTags(_ bytes: [UInt8]) {
        guard let text = text(bytes) else { return }
        if let list = EntityTagList(text) {
            precondition(list.matchesAny != !list.tags.isEmpty, "a list of tags is any tag or some tags")
            for tag in list.tags {
                precondition(tag.hasSuffix("\""), "a tag without its quote")
                if let known = ETag(tag) { precondition(known.description == tag) }
            }
        }
        // As the header of a request, where a value that HTTP cannot carry never arrives.
        guard HTTPField.isValidValue(text) else { return }
        for name in [HTTPField.Name.ifMatch, .ifNoneMatch] {
            let request = Request(
                head: HTTPRequest(method: .get, scheme: "http", authority: nil, path: "/", headerFields: [name: text]),
                body: .init(buffer: ByteBuffer()))
            _ = try? IfMatch(requiredBy: request).matches(version: 1)
            _ = request.alreadyHas(ETag(version: 1))
        }
    }

    static func readCredential(_ bytes: [UInt8]) {
        guard let text = text(bytes) else { return }
        if let credential = BearerCredential(authorization: text) {
            precondition((1...4_096).contains(credential.token.utf8.count))
            _ = APIKeySecret(credential.token)
        }
        if let secret = APIKeySecret(text) { precondition(secret.text == text && text.hasPrefix(secret.prefix)) }
    }

    static func readIdempotencyKey(_ bytes: [UInt8]) {
        guard let text = text(bytes), let key = IdempotencyKey(text) else { return }
        precondition((1...255).contains(key.description.utf8.count), "a key of \(key.description.utf8.count) bytes")
        precondition(key.description.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "a key that cannot be seen")
    }

    static func readLanguage(_ bytes: [UInt8]) {
        guard let text = text(bytes) else { return }
        _ = SpokenLanguage(acceptLanguage: text)
        _ = try? BodyReader.requireJSON([.contentType: text])
    }
}
