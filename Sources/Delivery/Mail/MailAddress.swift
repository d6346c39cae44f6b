/// An address that can stand in a header and as an argument of a program.
///
/// ASCII, without white space, quotes, comments or a dash at its beginning. The database's `delivery.is_address` decides alike.
package struct MailAddress: Hashable, Sendable {
    package let text: String

    /// - Returns: nil for anything else.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard text.utf8.count <= 254, parts.count == 2, Self.isLocal(parts[0]), Self.isDomain(parts[1]) else { return nil }
        self.text = text
    }

    /// What stands behind the `@`.
    var domain: Substring { text[text.index(after: text.firstIndex(of: "@") ?? text.startIndex)...] }

    private static func isLocal(_ part: Substring.UTF8View) -> Bool {
        guard let first = part.first, part.count <= 64, first != UInt8(ascii: "."), first != UInt8(ascii: "-") else { return false }
        return part.allSatisfy { isAlphanumeric($0) || Array(".!#$%&'*+/=?^_`{|}~-".utf8).contains($0) }
    }

    private static func isDomain(_ part: Substring.UTF8View) -> Bool {
        let labels = part.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return labels.count >= 2
            && labels.allSatisfy { label in
                guard let first = label.first, let last = label.last, isAlphanumeric(first), isAlphanumeric(last) else { return false }
                return label.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
            }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }
}
