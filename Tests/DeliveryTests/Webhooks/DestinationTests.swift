import Composition
@testable import Delivery
import HTTPEdge
import HTTPTypes
import Kernel
import NIOCore
import TestSupport
import Testing

@Suite("Where webhooks may lead")
struct DestinationTests {
    @Test
    func `an address that is not public, or not plain, is refused with the reason`() async throws {
        try await withDesk { desk in
            for (url, reason) in [
                ("http://example.org/hook", "has to begin with https"), ("https://127.0.0.1/hook", "not public"),
                ("https://10.1.2.3/", "not public"), ("https://169.254.169.254/latest", "not public"),
                ("https://100.64.0.1/", "not public"),
                ("https://192.168.1.1/", "not public"), ("https://0.0.0.0/", "not public"), ("https://[::1]/hook", "lower case"),
                ("https://EXAMPLE.org/", "lower case"), ("https://exämple.org/", "absolute address"),
                ("https://example.org:22/", "port has to be"), ("https://user:pass@example.org/", "without an account"),
                ("https://example.org/#part", "fragment"), ("ftp://example.org/", "absolute address"), ("hook", "absolute address"),
                ("https:///path", "absolute address"), ("https://example.org/ space", "absolute address"),
            ] {
                let answer = try await desk.server.send(
                    .post, "/v1/webhooks", key: desk.adminKey, headers: [.acceptLanguage: "en"], json: #"{"url": "\#(url)"}"#)
                #expect(answer.status == .badRequest, "\(url)")
                #expect(answer["issues", 0, "name"] == "/url", "\(url)")
                #expect(answer["issues", 0, "detail"]?.text?.contains(reason) == true, "\(url): \(answer.body)")
            }
            let good = try await desk.server.send(
                .post, "/v1/webhooks", key: desk.adminKey, json: #"{"url": "https://planning.example.org:8443/plateau?a=b"}"#)
            #expect(good.status == .created, "\(good.body)")
        }
    }

    @Test(arguments: [
        ("93.184.215.14", true), ("8.8.8.8", true), ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", true), ("127.0.0.1", false),
        ("127.255.255.255", false), ("10.0.0.1", false), ("172.16.0.1", false), ("172.31.255.255", false), ("172.32.0.1", true),
        ("192.168.0.1", false), ("169.254.169.254", false), ("100.64.0.1", false), ("100.128.0.1", true), ("0.1.2.3", false),
        ("198.18.0.1", false), ("192.0.2.1", false), ("224.0.0.1", false), ("240.0.0.1", false), ("255.255.255.255", false),
        ("168.63.129.16", false), ("::1", false), ("::", false), ("::ffff:127.0.0.1", false), ("::ffff:10.0.0.1", false),
        ("::127.0.0.1", false), ("64:ff9b::7f00:1", false), ("64:ff9b:1::1", false), ("2002:7f00:1::", false), ("2001::1", false),
        ("2001:db8::1", false), ("fc00::1", false), ("fd12:3456::1", false), ("fe80::1", false), ("fec0::1", false), ("ff02::1", false),
    ])
    func `addresses of the public Internet alone`(text: String, isPublic: Bool) throws {
        #expect(PublicAddresses.contains(try #require(IPAddress(text))) == isPublic)
    }

    @Test
    func `a name that leads to the own machine is found out when something is sent`() async throws {
        let message = SignedMessage(url: "https://localhost/hook", id: "x", timestamp: 0, body: [], signatures: [])
        #expect(await WebhookSender(rules: .standard).send(message).outcome == .addressNotAllowed)
        // Spellings that a resolver takes for addresses.
        for host in ["2130706433", "127.1", "0177.0.0.1"] {
            let message = SignedMessage(url: "https://\(host)/hook", id: "x", timestamp: 0, body: [], signatures: [])
            let outcome = await WebhookSender(rules: .standard).send(message).outcome
            #expect(outcome == .addressNotAllowed || outcome == .nameUnknown, "\(host)")
        }
        let unknown = SignedMessage(url: "https://no.such.name.invalid/", id: "x", timestamp: 0, body: [], signatures: [])
        #expect(await WebhookSender(rules: .standard).send(unknown).outcome == .nameUnknown)
        let plain = SignedMessage(url: "http://example.org/", id: "x", timestamp: 0, body: [], signatures: [])
        #expect(await WebhookSender(rules: .standard).send(plain).outcome == .addressNotAllowed)
    }

    @Test
    func `nobody listening is told apart from one that does not answer in time`() async throws {
        let rules = DestinationRules(allowsPrivate: true)
        let closed = SignedMessage(url: "http://127.0.0.1:1/", id: "x", timestamp: 0, body: [], signatures: [])
        #expect(await WebhookSender(rules: rules).send(closed).outcome == .unreachable)
        try await SilentReceiver.serving { port in
            let silent = SignedMessage(url: "http://127.0.0.1:\(port)/", id: "x", timestamp: 0, body: [], signatures: [])
            #expect(await WebhookSender(rules: rules, timeout: .milliseconds(200)).send(silent).outcome == .timedOut)
        }
    }
}
