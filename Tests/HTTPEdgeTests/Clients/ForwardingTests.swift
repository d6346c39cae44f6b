import HTTPTypes
import Testing

@testable import HTTPEdge

@Suite struct ForwardingTests {
    private let proxies = ["10.0.0.0/8", "2001:db8::1"].compactMap { AddressRange($0) }

    @Test(
        arguments: [
            ("10.0.0.1", "192.0.2.1", "192.0.2.1"), ("10.0.0.1", "198.51.100.9, 192.0.2.1", "192.0.2.1"),
            ("10.0.0.1", "192.0.2.1, 10.0.0.2", "192.0.2.1"), ("10.0.0.1", "192.0.2.1:5000", "192.0.2.1"),
            ("10.0.0.1", "[2001:db8::9]:5000", "2001:db8::9"), ("10.0.0.1", "2001:db8::9", "2001:db8::9"),
            ("2001:db8::1", "192.0.2.1", "192.0.2.1"), ("10.0.0.1", "unknown, 10.0.0.2", "10.0.0.2"), ("10.0.0.1", "", "10.0.0.1"),
            ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"), ("203.0.113.5", "192.0.2.1", "203.0.113.5"), ("10.0.0.1", nil, "10.0.0.1"),
        ] as [(String, String?, String)])
    func `X-Forwarded-For is believed from proxies, from the right, up to the first other`(
        peer: String, header: String?, client: String
    ) {
        var headers: HTTPFields = [.forwarded: "for=198.51.100.1"]
        if let header { headers[.xForwardedFor] = header }
        #expect(Forwarding(proxies: proxies).client(peer: IPAddress(peer), headers: headers)?.description == client)
    }

    @Test(arguments: [
        ("for=192.0.2.1", "192.0.2.1"), ("For=\"[2001:db8::9]:4711\";proto=https", "2001:db8::9"),
        ("proto=https; for=192.0.2.1;by=10.0.0.1", "192.0.2.1"), ("for=198.51.100.9, for=192.0.2.1", "192.0.2.1"),
        ("for=\"a,for=198.51.100.9\", for=192.0.2.1", "192.0.2.1"), ("for=_hidden", "10.0.0.1"), ("by=10.0.0.1", "10.0.0.1"),
        ("for=192.0.2.1, for=\"10.0.0.2:80\"", "192.0.2.1"),
    ])
    func `Forwarded is read as RFC 7239 writes it`(header: String, client: String) {
        let forwarding = Forwarding(proxies: proxies, field: .forwarded)
        let headers: HTTPFields = [.forwarded: header, .xForwardedFor: "198.51.100.1"]
        #expect(forwarding.client(peer: IPAddress("10.0.0.1"), headers: headers)?.description == client)
    }

    @Test func `nobody is believed unless named`() {
        let headers: HTTPFields = [.xForwardedFor: "192.0.2.1"]
        #expect(Forwarding().client(peer: IPAddress("127.0.0.1"), headers: headers)?.description == "127.0.0.1")
        #expect(Forwarding(proxies: proxies).client(peer: nil, headers: headers) == nil)
    }
}
