/// A client's name for one attempt and its retries: 1 to 255 visible ASCII characters.
package struct IdempotencyKey: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Takes the bare key, and the quoted string of draft-ietf-httpapi-idempotency-key-header.
    package init?(_ header: String) {
        let text = header.trimmingSpaces()
        guard let key = text.first == "\"" ? Self.unquoted(text) : String(text) else { return nil }
        guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        description = key
    }

    /// The content of a structured-field string (RFC 9651, 3.3.3); nil when it is not one.
    private static func unquoted(_ text: Substring) -> String? {
        var content = ""
        var characters = text.dropFirst().makeIterator()
        while let character = characters.next() {
            switch character {
            case "\"": return characters.next() == nil ? content : nil
            case "\\":
                guard let escaped = characters.next(), escaped == "\"" || escaped == "\\" else { return nil }
                content.append(escaped)
            default: content.append(character)
            }
        }
        return nil
    }
}
