/// A range of addresses, such as `10.0.0.0/8`, `2001:db8::/32` or a single address.
package struct AddressRange: Hashable, Sendable {
    private let first: IPAddress
    /// Of the 128 of the IPv6 form.
    private let bits: Int

    /// Nil unless the text is an address, or an address and a length of prefix that leaves no further bit set.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ IPAddress($0) }) else { return nil }
        let longest = address.isIPv4 ? 32 : 128
        guard let length = parts.count == 1 ? longest : Int(parts[1]), (0...longest).contains(length) else { return nil }
        bits = 128 - longest + length
        first = address
        guard address.prefix(bits) == address else { return nil }
    }

    package func contains(_ address: IPAddress) -> Bool {
        address.prefix(bits) == first
    }
}
