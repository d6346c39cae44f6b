import FoundationEssentials
import HTTPEdge
import Kernel

/// Where webhooks may lead: to public addresses by HTTPS, unless a developer's own machine is allowed.
package struct DestinationRules: Sendable {
    package static let standard = DestinationRules(allowsPrivate: false)

    private static let ports = [443, 8443]

    let allowsPrivate: Bool

    /// - Parameter allowsPrivate: also HTTP, any port, and addresses of the own machine and network; for development alone.
    package init(allowsPrivate: Bool) {
        self.allowsPrivate = allowsPrivate
    }

    /// Before a webhook is stored; a name is looked up when something is sent, each time.
    /// - Throws: ``Problem`` 400 that says what is wrong.
    func check(_ text: String) throws(Problem) {
        guard let reason = objection(to: text) else { return }
        throw .requestInvalid([ProblemIssue(in: .body, name: "/url", detail: reason)])
    }

    private func objection(to text: String) -> Text? {
        guard let destination = Destination(text) else { return Text("reason.webhookURL") }
        guard allowsPrivate || destination.isSecure else { return Text("reason.webhookScheme") }
        guard destination.hasPlainHost else { return Text("reason.webhookHost") }
        guard allowsPrivate || Self.ports.contains(destination.port) else { return Text("reason.webhookPort") }
        if let address = IPAddress(destination.host), !allows(address) { return Text("reason.webhookAddress") }
        return nil
    }

    func allows(_ address: IPAddress) -> Bool {
        allowsPrivate || PublicAddresses.contains(address)
    }
}

/// The parts of an address that matter for where a request goes.
struct Destination: Sendable {
    let host: String
    let port: Int
    let isSecure: Bool

    /// Nil unless absolute, HTTP or HTTPS, without an account and a fragment, and of printable ASCII.
    init?(_ text: String) {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), let url = URL(string: text), let host = url.host(), !host.isEmpty,
            let scheme = url.scheme, ["http", "https"].contains(scheme), url.user() == nil, url.password() == nil, url.fragment() == nil
        else { return nil }
        self.host = host
        isSecure = scheme == "https"
        port = url.port ?? (isSecure ? 443 : 80)
    }

    /// Spelled as it is looked up and connected to, so that no two readers of the address can differ.
    var hasPlainHost: Bool {
        host.utf8.count <= 253
            && host.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
            }
    }
}
