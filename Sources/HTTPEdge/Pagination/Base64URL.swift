import FoundationEssentials

/// Base64 for addresses, without padding (RFC 4648, 5).
enum Base64URL {
    static func encode(_ bytes: [UInt8]) -> String {
        let text = Data(bytes).base64EncodedString().map { character -> Character in
            character == "+" ? "-" : character == "/" ? "_" : character
        }
        return String(text.prefix { $0 != "=" })
    }

    /// Nil for anything but what ``encode(_:)`` writes.
    static func decode(_ text: String) -> [UInt8]? {
        var standard = String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
        standard += String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        guard let bytes = Data(base64Encoded: standard).map(Array.init), encode(bytes) == text else { return nil }
        return bytes
    }
}
