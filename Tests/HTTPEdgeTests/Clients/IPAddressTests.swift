import NIOCore
import Testing

@testable import HTTPEdge

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.7"), ("::1", "::1", "::"),
        ("2001:DB8:0:1:2:3:4:5", "2001:db8:0:1:2:3:4:5", "2001:db8:0:1::"), ("0.0.0.0", "0.0.0.0", "0.0.0.0"),
    ])
    func `an address is read, shown and given its subscriber`(text: String, shown: String, subscriber: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == shown)
        #expect(address.subscriber.description == subscriber)
        #expect(IPAddress(try SocketAddress(ipAddress: text, port: 80)) == address)
    }

    @Test(arguments: ["", "a", "1.2.3", "1.2.3.4.5", "1.2.3.4:80", "[::1]", "fe80::1%lo", "256.0.0.1", String(repeating: ":", count: 99)])
    func `what is not an address alone is refused`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.0.0.0/8", "::ffff:10.1.1.1", true),
        ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false), ("2001:db8::/32", "2001:db8:ffff::1", true),
        ("2001:db8::/32", "2001:db9::1", false), ("::/0", "2001:db8::1", true), ("0.0.0.0/0", "8.8.8.8", true),
        ("0.0.0.0/0", "2001:db8::1", false), ("2001:db8::/65", "2001:db8::7fff:0:0:1", true),
        ("2001:db8::/65", "2001:db8::8000:0:0:1", false), ("::1/128", "::1", true),
    ])
    func `a range holds what begins as it does`(range: String, address: String, isInside: Bool) throws {
        let range = try #require(AddressRange(range))
        #expect(range.contains(try #require(IPAddress(address))) == isInside)
    }

    @Test(arguments: ["", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.1/8", "10.0.0.0/", "10.0.0.0/8/8", "2001:db8::/129", "2001:db8::1/64"])
    func `what is not a range is refused`(text: String) {
        #expect(AddressRange(text) == nil)
    }
}
