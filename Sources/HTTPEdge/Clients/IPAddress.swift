package import NIOCore

/// The address of a host, IPv4 or IPv6; an IPv4 address that comes mapped into IPv6 is the same as the bare one.
package struct IPAddress: Hashable, Sendable {
    private static let mappedIPv4: UInt64 = 0xFFFF_0000_0000
    /// Where the address stands in the system's structures: after family and port, in IPv6 also after the label of the flow.
    private static let offsetInIPv4 = 4
    private static let offsetInIPv6 = 8

    /// The first 64 bits of the IPv6 form: the network that one subscriber is given.
    let high: UInt64
    let low: UInt64

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Nil for a Unix socket, which has none.
    package init?(_ address: SocketAddress) {
        switch address {
        case .v4(let address):
            let bits = withUnsafeBytes(of: address.address) { $0.loadUnaligned(fromByteOffset: Self.offsetInIPv4, as: UInt32.self) }
            self.init(high: 0, low: Self.mappedIPv4 | UInt64(UInt32(bigEndian: bits)))
        case .v6(let address):
            let (high, low) = withUnsafeBytes(of: address.address) { bytes in
                (
                    bytes.loadUnaligned(fromByteOffset: Self.offsetInIPv6, as: UInt64.self),
                    bytes.loadUnaligned(fromByteOffset: Self.offsetInIPv6 + 8, as: UInt64.self)
                )
            }
            self.init(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
        case .unixDomainSocket: return nil
        }
    }

    /// Nil unless the text is an address alone, without port, brackets or zone.
    package init?(_ text: some StringProtocol) {
        // The longest text of an address is 45 characters long.
        guard text.utf8.count <= 45, !text.utf8.contains(UInt8(ascii: "%")),
            let address = try? SocketAddress(ipAddress: String(text), port: 0)
        else { return nil }
        self.init(address)
    }

    var isIPv4: Bool { high == 0 && low & 0xFFFF_FFFF_0000_0000 == Self.mappedIPv4 }

    /// What one subscriber has: an IPv4 address, or the /64 of an IPv6 address, in which anybody takes as many as they like.
    package var subscriber: IPAddress { isIPv4 ? self : IPAddress(high: high, low: 0) }

    /// The address with only its first bits, of the 128.
    func prefix(_ bits: Int) -> IPAddress {
        IPAddress(
            high: bits >= 64 ? high : bits == 0 ? 0 : high & (UInt64.max << (64 - bits)),
            low: bits >= 128 ? low : bits <= 64 ? 0 : low & (UInt64.max << (128 - bits)))
    }
}

extension IPAddress: CustomStringConvertible {
    package var description: String {
        if isIPv4 {
            return "\(low >> 24 & 255).\(low >> 16 & 255).\(low >> 8 & 255).\(low & 255)"
        }
        var bytes = ByteBuffer()
        bytes.writeInteger(high)
        bytes.writeInteger(low)
        let address = try? SocketAddress(packedIPAddress: bytes, port: 0)
        return address?.ipAddress ?? ""
    }
}
