import FoundationEssentials

/// An address at which secrets may be told: by TLS, or on this machine.
package struct ProviderAddress: Hashable, Sendable {
    package let text: String
    package let host: String
    /// Plain HTTP, on this machine.
    let isLocal: Bool

    /// - Returns: nil for any other address, and for one with a name, a password or a fragment in it.
    package init?(_ text: String) {
        guard let address = URL(string: text), let host = address.host(percentEncoded: false), !host.isEmpty, address.user() == nil,
            address.password() == nil, address.fragment() == nil
        else { return nil }
        switch address.scheme?.lowercased() {
        case "https": isLocal = false
        case "http" where ["localhost", "127.0.0.1", "::1", "[::1]"].contains(host): isLocal = true
        default: return nil
        }
        self.text = text
        self.host = host
    }

    /// Of an issuer, which has no query either (OpenID Connect Discovery, 3).
    package init?(issuer text: String) {
        guard !text.contains("?") else { return nil }
        self.init(text)
    }

    /// Whether a document found here may send us there: never from TLS to without.
    func mayLead(to other: String) -> Bool {
        guard let other = ProviderAddress(other) else { return false }
        return isLocal || !other.isLocal
    }
}
