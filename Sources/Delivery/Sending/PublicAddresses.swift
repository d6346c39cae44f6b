import HTTPEdge

/// The addresses of the public Internet: none of the special-purpose registries of IANA (RFC 6890), and none that stands for another.
enum PublicAddresses {
    private static let neverIPv4 = ranges([
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    ])
    private static let everyIPv4 = ranges(["0.0.0.0/0"])
    /// Global unicast; what translates to IPv4 (64:ff9b::/96, ::/96) lies outside.
    private static let globalIPv6 = ranges(["2000::/3"])
    private static let neverIPv6 = ranges(["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"])

    static func contains(_ address: IPAddress) -> Bool {
        if everyIPv4.contains(where: { $0.contains(address) }) {
            return !neverIPv4.contains { $0.contains(address) }
        }
        return globalIPv6.contains { $0.contains(address) } && !neverIPv6.contains { $0.contains(address) }
    }

    private static func ranges(_ texts: [String]) -> [AddressRange] {
        texts.compactMap { AddressRange($0) }
    }
}
