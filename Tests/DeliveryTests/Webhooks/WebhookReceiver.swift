import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Locking
import Logging
import NIOCore
import TestSupport

/// What a receiver of webhooks was sent.
struct ReceivedMessage: Sendable {
    let id: String
    let timestamp: String
    let signatures: [String]
    let contentType: String?
    let body: String

    var json: TestJSON? { TestJSON(body) }
}

/// A receiver on loopback, which answers with the statuses that it was told, then with 204.
final class WebhookReceiver: Sendable {
    let url: String
    private let state: Received

    private struct State {
        var received: [ReceivedMessage] = []
        var statuses: [HTTPResponse.Status] = []
    }

    private final class Received: Sendable {
        let value = Mutex(State())
    }

    private init(url: String, state: Received) {
        self.url = url
        self.state = state
    }

    var received: [ReceivedMessage] { state.value.withLock { $0.received } }

    func answer(with statuses: [HTTPResponse.Status]) {
        state.value.withLock { $0.statuses = statuses }
    }

    static func serving<T: Sendable>(_ body: @escaping @Sendable (WebhookReceiver) async throws -> T) async throws -> T {
        let state = Received()
        let router = Router()
        router.post("/hook") { request, _ in
            let message = ReceivedMessage(
                id: request.field("webhook-id"), timestamp: request.field("webhook-timestamp"),
                signatures: request.field("webhook-signature").split(separator: " ").map(String.init),
                contentType: request.headers[.contentType],
                body: String(buffer: try await request.body.collect(upTo: 1 << 20)))
            let status = state.value.withLock { state in
                state.received.append(message)
                return state.statuses.isEmpty ? HTTPResponse.Status.noContent : state.statuses.removeFirst()
            }
            return Response(status: status, headers: status.kind == .redirection ? [.location: "/elsewhere"] : [:])
        }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)), logger: logger)
        return try await application.test(.live) { client in
            try await body(WebhookReceiver(url: "http://127.0.0.1:\(client.port ?? 0)/hook", state: state))
        }
    }
}

extension Request {
    fileprivate func field(_ name: String) -> String {
        HTTPField.Name(name).flatMap { headers[$0] } ?? ""
    }
}
