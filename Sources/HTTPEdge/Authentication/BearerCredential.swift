/// The token of an `Authorization: Bearer` header (RFC 6750, 2.1); never shown in a log.
package struct BearerCredential: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    package let token: String

    /// Nil unless the header is the scheme `Bearer`, in any case, and one token of at most 4,096 characters.
    package init?(authorization header: String) {
        // By bytes: characters are a hundred times what this needs, and every request comes through here.
        let parts = header.utf8.split(separator: UInt8(ascii: " "))
        guard parts.count == 2, Self.isBearer(parts[0]), (1...4096).contains(parts[1].count) else { return nil }
        guard parts[1].allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        token = String(Substring(parts[1]))
    }

    private static func isBearer(_ scheme: Substring.UTF8View) -> Bool {
        scheme.count == 6 && zip(scheme, "bearer".utf8).allSatisfy { $0 | 0x20 == $1 }
    }

    package var description: String { "(credential)" }
    package var debugDescription: String { description }
}
