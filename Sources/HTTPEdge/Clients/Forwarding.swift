import HTTPTypes

/// Which proxies are believed when they say for whom they ask.
///
/// What anybody else writes into such a header counts for nothing.
package struct Forwarding: Sendable {
    /// The one header that the proxies set: what a client puts into the other would pass through them untouched.
    package enum Field: String, CaseIterable, Sendable {
        case xForwardedFor = "X-Forwarded-For"
        /// RFC 7239.
        case forwarded = "Forwarded"

        var name: HTTPField.Name {
            switch self {
            case .xForwardedFor: .xForwardedFor
            case .forwarded: .forwarded
            }
        }
    }

    /// Further hops than these are not looked at.
    private static let mostHops = 16

    private let proxies: [AddressRange]
    private let field: Field

    package init(proxies: [AddressRange] = [], field: Field = .xForwardedFor) {
        self.proxies = proxies
        self.field = field
    }

    func isProxy(_ address: IPAddress) -> Bool {
        proxies.contains { $0.contains(address) }
    }

    /// The address that is farthest away among those that a chain of believed proxies vouches for.
    /// - Parameter peer: the other end of the socket.
    func client(peer: IPAddress?, headers: HTTPFields) -> IPAddress? {
        guard !proxies.isEmpty, var client = peer, isProxy(client), let header = headers.joined(field.name) else { return peer }
        for hop in hops(in: header).suffix(Self.mostHops).reversed() {
            // A name, or a word that hides it: the last one known stands for it.
            guard let address = hop else { break }
            client = address
            if !isProxy(address) { break }
        }
        return client
    }

    /// In the order of the header: the farthest first; nil for what is no address.
    private func hops(in header: String) -> [IPAddress?] {
        let elements = Self.split(header, at: ",")
        switch field {
        case .xForwardedFor: return elements.map { Self.address($0.trimmingSpaces()) }
        case .forwarded:
            return elements.map { element in
                let pairs = Self.split(element, at: ";").map { $0.trimmingSpaces() }
                guard let pair = pairs.first(where: { $0.lowercased().hasPrefix("for=") }) else { return nil }
                return Self.address(pair.dropFirst(4).trimmingQuotes())
            }
        }
    }

    /// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`.
    private static func address(_ node: Substring) -> IPAddress? {
        if node.first == "[" { return IPAddress(node.dropFirst().prefix { $0 != "]" }) }
        return IPAddress(node.count { $0 == ":" } == 1 ? node.prefix { $0 != ":" } : node)
    }

    /// Not within quotes.
    private static func split(_ text: some StringProtocol, at separator: Character) -> [Substring] {
        var isQuoted = false
        return Substring(text).split(omittingEmptySubsequences: true) { character in
            if character == "\"" { isQuoted.toggle() }
            return !isQuoted && character == separator
        }
    }
}

extension Substring {
    fileprivate func trimmingQuotes() -> Substring {
        hasPrefix("\"") && hasSuffix("\"") && count > 1 ? dropFirst().dropLast() : self
    }
}
