/// The address by which a person is known: of mail, in small letters.
///
/// Not checked further: its provider, or who registers it, knows whether it exists.
package struct SignInAddress: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    /// - Returns: nil for what no mail could go to.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard text.utf8.count <= 254, parts.count == 2, parts.allSatisfy({ !$0.isEmpty }),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        self.text = text.lowercased()
    }

    package var description: String { text }
}
