/// An API key as its holder knows it: `plt_`, 256 random bits in 43 characters, a checksum in 6.
///
/// Shown once, never stored.
///
/// The checksum (CRC-32 of all before it) tells a mistyped or cut key without asking the database, and lets scanners for
/// leaked secrets be sure of what they find.
package struct APIKeySecret: Hashable, Sendable {
    private static let mark = "plt_"
    private static let randomLength = 43
    private static let checksumLength = 6

    /// The whole key.
    package let text: String

    package static func make(random: inout some RandomNumberGenerator) -> APIKeySecret {
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let body = mark + Base62.encode(bytes, length: randomLength)
        return APIKeySecret(unchecked: body + checksum(of: body))
    }

    /// Nil unless the text has the form of a key and its checksum is right.
    package init?(_ text: String) {
        let length = Self.mark.utf8.count + Self.randomLength + Self.checksumLength
        guard text.utf8.count == length, text.hasPrefix(Self.mark),
            text.utf8.dropFirst(Self.mark.utf8.count).allSatisfy(Base62.contains)
        else { return nil }
        let body = String(text.dropLast(Self.checksumLength))
        guard text.hasSuffix(Self.checksum(of: body)) else { return nil }
        self.init(unchecked: text)
    }

    private init(unchecked text: String) {
        self.text = text
    }

    /// What may be shown later, so that people tell their keys apart: 36 of the 256 bits.
    package var prefix: String { String(text.prefix(Self.mark.count + 6)) }

    private static func checksum(of body: String) -> String {
        let sum = CRC32.checksum(body.utf8)
        return Base62.encode((0..<4).map { UInt8(truncatingIfNeeded: sum >> (24 - 8 * $0)) }, length: checksumLength)
    }
}

extension APIKeySecret: CustomStringConvertible, CustomDebugStringConvertible {
    /// Never the secret: it must not reach a log.
    package var description: String { "\(prefix)…" }
    package var debugDescription: String { description }
}
