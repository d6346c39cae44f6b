import FoundationEssentials

/// The inside of a JSON string.
enum JSONString {
    /// The text that the escapes stand for; the raw text where they are not valid, which the parser refuses anyway.
    static func unescaped(_ raw: [UInt8]) -> String {
        guard raw.contains(UInt8(ascii: "\\")) else { return String(decoding: raw, as: UTF8.self) }
        let quoted = Data([UInt8(ascii: "\"")] + raw + [UInt8(ascii: "\"")])
        let text = try? JSONDecoder().decode(String.self, from: quoted)
        return text ?? String(decoding: raw, as: UTF8.self)
    }
}

/// JSON pointers (RFC 6901).
enum JSONPointer {
    static func escaped(_ name: String) -> String {
        guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return name }
        return name.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
            .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
    }
}
