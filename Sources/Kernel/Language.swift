/// A language of the network, by its ISO 639-1 code.
package enum Language: String, CaseIterable, Hashable, Sendable {
    case fr, nl, de, en

    /// Those in which every text exists.
    package static let spoken: [Language] = [.fr, .en]

    /// Reads a language tag (RFC 5646): `fr`, `fr-BE`, in any case; nil for another language.
    package init?(tag: some StringProtocol) {
        let primary = tag.prefix { $0 != "-" }.lowercased()
        self.init(rawValue: primary)
    }
}
