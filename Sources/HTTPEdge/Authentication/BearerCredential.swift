/// The token of an `Authorization: Bearer` header (RFC 6750, 2.1); never shown in a log.
package struct BearerCredential: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    package let token: String

    /// Nil unless the header is the scheme `Bearer`, in any case, and one token of at most 4,096 characters.
    package init?(authorization header: String) {
        let parts = header.split(separator: " ")
        guard parts.count == 2, parts[0].lowercased() == "bearer", (1...4096).contains(parts[1].utf8.count) else { return nil }
        guard parts[1].utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        token = String(parts[1])
    }

    package var description: String { "(credential)" }
    package var debugDescription: String { description }
}
