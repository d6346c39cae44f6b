/// A strong entity tag (RFC 9110, 8.8.3) made from a row's version; opaque to clients.
package struct ETag: Hashable, Sendable, CustomStringConvertible {
    package let version: Int64

    package init(version: Int64) {
        self.version = version
    }

    /// With its quotes, as it stands in the header.
    package var description: String { "\"v\(version)\"" }

    /// Nil for a weak tag and for one that this service never made.
    init?(_ text: Substring) {
        guard text.hasPrefix("\"v"), text.hasSuffix("\""), text.utf8.count > 3 else { return nil }
        let digits = text.dropFirst(2).dropLast()
        guard let version = Int64(digits), String(version) == digits else { return nil }
        self.version = version
    }
}
