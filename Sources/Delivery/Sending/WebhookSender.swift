import AsyncHTTPClient
import FoundationEssentials
import HTTPEdge
import Kernel
import NIOCore
import NIOHTTP1
import NIOPosix

/// What came of one attempt, in the words of the log.
enum SendOutcome: String, Sendable {
    case delivered, refused, redirected, gone, timedOut, unreachable, addressNotAllowed, nameUnknown, eventForgotten
}

/// A request of Standard Webhooks 1.0, ready to be sent.
struct SignedMessage: Sendable {
    let url: String
    let id: String
    let timestamp: Int64
    let body: [UInt8]
    /// The present secret's first, the former one's behind it while it holds.
    let signatures: [String]
}

/// Sends one message: to the address that was looked up and found allowed, without following anything, within a deadline.
struct WebhookSender: Sendable {
    private static let gone = 410

    let rules: DestinationRules
    let timeout: TimeAmount

    init(rules: DestinationRules, timeout: TimeAmount = .seconds(15)) {
        self.rules = rules
        self.timeout = timeout
    }

    func send(_ message: SignedMessage) async -> (outcome: SendOutcome, status: Int?) {
        // The rules may have become stricter since it was stored.
        guard let destination = Destination(message.url), destination.hasPlainHost, rules.allowsPrivate || destination.isSecure else {
            return (.addressNotAllowed, nil)
        }
        guard let address = await Self.address(of: destination) else { return (.nameUnknown, nil) }
        guard let numeric = IPAddress(address), rules.allows(numeric) else { return (.addressNotAllowed, nil) }
        return await send(message, to: destination.host, at: numeric.description)
    }

    /// Looked up once: what is checked is what is connected to, whatever the name says a moment later.
    private static func address(of destination: Destination) async -> SocketAddress? {
        try? await NIOThreadPool.singleton.runIfActive {
            try SocketAddress.makeAddressResolvingHost(destination.host, port: destination.port)
        }
    }

    private func send(_ message: SignedMessage, to host: String, at address: String) async -> (outcome: SendOutcome, status: Int?) {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5), read: timeout))
        configuration.dnsOverride = [host: address]
        configuration.httpVersion = .http1Only
        // The message is tried again later; here it would only keep others waiting.
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let result = await execute(message, by: client)
        try? await client.shutdown()
        return result
    }

    private func execute(_ message: SignedMessage, by client: HTTPClient) async -> (outcome: SendOutcome, status: Int?) {
        do {
            // The body of the answer is never read: the status says all.
            let status = Int(try await client.execute(message.request, timeout: timeout).status.code)
            return (Self.outcome(of: status), status)
        } catch let error as HTTPClientError where [.deadlineExceeded, .connectTimeout, .readTimeout].contains(error) {
            return (.timedOut, nil)
        } catch {
            return (.unreachable, nil)
        }
    }

    private static func outcome(of status: Int) -> SendOutcome {
        switch status {
        case 200..<300: .delivered
        case 300..<400: .redirected
        case gone: .gone
        default: .refused
        }
    }
}

extension SignedMessage {
    fileprivate var request: HTTPClientRequest {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.headers.add(name: "user-agent", value: "Plateau-Webhooks/1.0")
        request.headers.add(name: "webhook-id", value: id)
        request.headers.add(name: "webhook-timestamp", value: "\(timestamp)")
        request.headers.add(name: "webhook-signature", value: signatures.joined(separator: " "))
        request.body = .bytes(body)
        return request
    }
}
